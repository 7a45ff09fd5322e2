import type { Config, WebhookEndpoint } from '../../config/config';
import type { Attempt } from '../../domain/delivery';
import type { Message } from '../../domain/message';
import { type Outcome, RETRY, RETRY_SLOWLY } from '../../domain/outcome';
import { SecretKeyError } from '../../domain/secret-key';
import type { Channel, SendResult } from '../channel';
import { type AttemptResult, attempt } from './attempt';
import { classifyResponse } from './classify-response';
import { createCertificateLoader } from './client-certificate';
import { ConfigurationFault } from './configuration-fault';
import { createConnectionPools } from './connection-pools';
import { startDeadline } from './deadline';
import { describeFault } from './describe-fault';
import { makeExcerpt } from './excerpt';
import { type Lookup, systemLookup } from './guard/resolve-and-vet';
import { createKeyRing } from './key-ring';
import type { Answer } from './post';
import { requestHeaders } from './request-headers';
import { sign } from './sign';

export interface WebhookChannelOptions {
  readonly secrets: Config['secrets'];
  readonly network: Config['network'];
  /** jobherald's version, for `user-agent`. */
  readonly version: string;
  /** Unix milliseconds. Default: the system's clock. */
  readonly now?: () => number;
  /** Default: the system's resolver. Asked once per attempt, never for an IP address or `localhost`. */
  readonly lookup?: Lookup;
}

/** What an attempt came to, and what the log tells of it. */
interface AttemptReport {
  readonly outcome: Outcome;
  readonly told: Pick<Attempt, 'status' | 'error' | 'address' | 'excerpt'>;
}

/** Sends events over HTTP, signed by Standard Webhooks. See docs/webhooks.md. */
export function createWebhookChannel(options: WebhookChannelOptions): Channel<WebhookEndpoint> {
  const { secrets, network, version, now = Date.now, lookup = systemLookup } = options;
  const keyRing = createKeyRing(secrets);
  const pools = createConnectionPools();
  const tools = { network, lookup, pools, loadCertificate: createCertificateLoader() };
  const userAgent = `jobherald/${version}`;

  const signed = (endpoint: WebhookEndpoint, message: Message, startedMs: number) => {
    const body = Buffer.from(message.body);
    const timestampSeconds = Math.floor(startedMs / 1000);
    const signature = endpoint.secret === '' ? undefined : sign(message.id, timestampSeconds, body, keysOf(endpoint));
    return { body, headers: requestHeaders({ endpoint, message, timestampSeconds, signature, userAgent }) };
  };
  const keysOf = (endpoint: WebhookEndpoint) => {
    const keys = keyRing.find(endpoint.secret);
    if (keys === undefined)
      throw new ConfigurationFault(`the secret ${endpoint.secret} is not configured; add it under secrets`);
    return keys;
  };

  return {
    async send(endpoint, message, stop): Promise<SendResult> {
      const startedMs = now();
      const startedAt = performance.now();
      const deadline = startDeadline(endpoint.timeoutMs, stop);
      let account: AttemptReport;
      try {
        const result = await attempt(endpoint, signed(endpoint, message, startedMs), deadline, tools);
        account = reportFor(result, now());
      } catch (error) {
        account = reportForError(error as Error);
      } finally {
        deadline.stop();
      }
      const { outcome, told } = account;
      const duration_ms = Math.round(performance.now() - startedAt);
      return { outcome, attempt: { time: new Date(startedMs).toISOString(), duration_ms, ...told } };
    },
    close: () => pools.close(),
  };
}

function reportFor(attempted: AttemptResult, nowMs: number): AttemptReport {
  // A blocked address stays so until somebody changes DNS, the URL or the network rule.
  if (attempted.kind === 'blocked') return { outcome: RETRY_SLOWLY, told: { error: attempted.reason } };
  const { address, result } = attempted;
  if (result.kind === 'fault') return { outcome: RETRY, told: { address, error: describeFault(result.error) } };
  const { status } = result;
  const outcome = classifyResponse(status, result.headers, nowMs);
  if (outcome.kind === 'delivered') return { outcome, told: { status, address } };
  return { outcome, told: { status, address, ...refusal(result) } };
}

function refusal({ status, headers, beginning }: Answer): Pick<Attempt, 'error' | 'excerpt'> {
  const error = status >= 300 && status <= 399 ? `HTTP ${status}, redirects are not followed` : `HTTP ${status}`;
  const excerpt = headers['content-encoding'] === undefined ? makeExcerpt(beginning) : '';
  return excerpt === '' ? { error } : { error, excerpt };
}

/** Nothing was dialled: DNS failed, the time was over, or a key or certificate cannot be used. */
function reportForError(error: Error): AttemptReport {
  const ofConfiguration = error instanceof ConfigurationFault || error instanceof SecretKeyError;
  return { outcome: ofConfiguration ? RETRY_SLOWLY : RETRY, told: { error: describeFault(error) } };
}
