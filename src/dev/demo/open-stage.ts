import { randomBytes } from 'node:crypto';
import { createWriteStream, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../logging/create-logger';
import { version } from '../../processes/version';
import { startVertexAiEmulator, type VertexAiEmulator } from '../emulators/vertex-ai/emulator';
import { type Dev, startDev } from '../start-dev';
import { demoConfigText, freePorts, parseDemoConfig } from './demo-config';
import { type DemoReceiver, startReceiver } from './receiver';

/** Everything that the demo uses, running. */
export interface Stage extends AsyncDisposable {
  readonly dev: Dev;
  readonly vertexAi: VertexAiEmulator;
  readonly receiver: DemoReceiver;
  /** The jobherald.yaml in use. */
  readonly configFile: string;
}

export interface StageOptions {
  /** Where all its files go: configuration, database, log. */
  readonly folder: string;
  readonly cli: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const LOG_FILE = 'jobherald.log';

export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'jobherald-demo-'));
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** Starts all of it on free ports; disposing it ends all of it, also if only a part was started. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await open(options, closers)), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  { folder, cli, env }: StageOptions,
  closers: (() => Promise<void>)[],
): Promise<Omit<Stage, keyof AsyncDisposable>> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const receiver = await startReceiver(secret);
  closers.push(() => receiver.close());
  const vertexAi = await startVertexAiEmulator();
  closers.push(() => vertexAi.close());

  const text = demoConfigText({
    ports: await freePorts(),
    vertexAi: vertexAi.address,
    receiverUrl: receiver.url,
    secret,
  });
  const configFile = join(folder, 'jobherald.yaml');
  writeFileSync(configFile, text, { mode: 0o600 });

  const stop = new AbortController();
  const dev = await startDev(parseDemoConfig(text), {
    logger: createLogger({ stream: createWriteStream(join(folder, LOG_FILE)), secrets: [secret] }),
    signal: stop.signal,
    version: version(),
    cli,
    env,
    dataDirectory: folder,
  });
  closers.push(async () => {
    stop.abort();
    // A failure reaches the demo by dev.done itself.
    await dev.done.catch(() => undefined);
  });
  return { dev, vertexAi, receiver, configFile };
}
