import type { Config, TemporalConfig } from '../config/config';
import type { Provider } from '../providers/provider';
import { createProviders } from '../providers/registry';
import { missingSetup } from '../temporal/setup';
import { checkKafkaEndpoint } from './check-endpoint';
import { connectWithin } from './connect-within';

/** What became of one thing that was looked at. `text` is one line. */
export interface Finding {
  readonly ok: boolean;
  /** `temporal`, `vertex-ai`, `endpoint status-topic`. */
  readonly about: string;
  readonly text: string;
}

const TEMPORAL_WITHIN_MS = 5_000;
const PROVIDER_WITHIN_MS = 15_000;

/** `jobherald check`, the configuration being valid: reaches Temporal and every configured system, each in its turn. */
export async function* check(config: Config): AsyncGenerator<Finding> {
  yield await find('temporal', () => checkTemporal(config.temporal));
  const providers = createProviders(config, { warn: () => undefined });
  for (const provider of providers.values()) {
    yield await find(provider.name, () => checkProvider(provider));
  }
  for (const endpoint of config.endpoints) {
    if (endpoint.type === 'kafka') yield await find(`endpoint ${endpoint.name}`, () => checkKafkaEndpoint(endpoint));
  }
}

async function checkTemporal(temporal: TemporalConfig): Promise<string> {
  const connection = await connectWithin(temporal, TEMPORAL_WITHIN_MS);
  try {
    const missing = await connection.withDeadline(Date.now() + TEMPORAL_WITHIN_MS, () =>
      missingSetup(connection, temporal),
    );
    if (missing.length > 0) throw new Error(`${missing.join('; ')}; run "jobherald setup"`);
    return `reached ${temporal.address}, and namespace ${temporal.namespace} is set up`;
  } finally {
    await connection.close();
  }
}

async function checkProvider(provider: Provider): Promise<string> {
  try {
    return await provider.check(AbortSignal.timeout(PROVIDER_WITHIN_MS));
  } finally {
    await provider.close();
  }
}

async function find(about: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { ok: true, about, text: oneLine(await look()) };
  } catch (error) {
    return { ok: false, about, text: oneLine(error instanceof Error ? error.message : String(error)) };
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
