import { startTimeLimit } from '../../async/time-limit';
import type { Config, WebhookEndpoint } from '../../config/config';
import type { Attempt } from '../../domain/delivery';
import type { Message } from '../../domain/message';
import { RETRY, RETRY_SLOWLY } from '../../domain/message';
import { SecretKeyError } from '../../domain/secret-key';
import { INLINE_ENDPOINT } from '../../domain/subscription';
import { type AttemptReport, type Channel, timed } from '../channel';
import { describeError, makeExcerpt } from './attempt-log';
import { classifyResponse } from './classify-response';
import { createConnectionPools } from './connection-pools';
import { ConfigurationError, createCertificateLoader, createKeyRing } from './credentials';
import { type DialResult, dial } from './dial';
import { knownAddresses } from './guard/check-url';
import { createNameResolver, type NameResolver } from './guard/name-resolver';
import { networkFor } from './guard/network-for';
import type { Lookup } from './guard/resolve-target';
import type { Answer } from './post';
import { requestHeaders, sign } from './sign';

export interface WebhookChannelOptions {
  readonly secrets: Config['secrets'];
  readonly network: Config['network'];
  /** Default: `public`. */
  readonly inlineEndpoints?: Config['gateway']['inlineEndpoints'];
  /** jobherald's version, for `user-agent`. */
  readonly version: string;
  /** Unix milliseconds. Default: the system's clock. */
  readonly now?: () => number;
  /** Called once per attempt, never for an IP address or `localhost`. Default: that of {@link resolver}. */
  readonly lookup?: Lookup;
  /** Default: one for this channel, of the system's hosts file and nameservers. */
  readonly resolver?: NameResolver;
}

/** Sends events over HTTP, signed by Standard Webhooks. See docs/webhooks.md. */
export function createWebhookChannel(options: WebhookChannelOptions): Channel<WebhookEndpoint> {
  const { secrets, network, version, now = Date.now, resolver = createNameResolver() } = options;
  const { lookup = resolver.lookup } = options;
  const keyRing = createKeyRing(secrets);
  const pools = createConnectionPools();
  const dependencies = { lookup, pools, loadCertificate: createCertificateLoader() };
  const ruleFor = (endpoint: WebhookEndpoint) => networkFor(endpoint, network, options.inlineEndpoints);
  const userAgent = `jobherald/${version}`;

  const toRequest = (endpoint: WebhookEndpoint, message: Message, startedMs: number) => {
    const body = Buffer.from(message.body);
    const timestampSeconds = Math.floor(startedMs / 1000);
    const signature =
      endpoint.secret === '' ? undefined : sign(message.id, timestampSeconds, body, keyRing.keysOf(endpoint.secret));
    return { body, headers: requestHeaders({ endpoint, message, timestampSeconds, signature, userAgent }) };
  };

  const attempt = async (
    endpoint: WebhookEndpoint,
    message: Message,
    stop: AbortSignal,
    startedMs: number,
  ): Promise<AttemptReport> => {
    const limit = startTimeLimit(endpoint.timeoutMs, stop);
    try {
      const network = ruleFor(endpoint);
      const request = toRequest(endpoint, message, startedMs);
      const dialled = await dial(endpoint, request, limit, { ...dependencies, network });
      return withoutExcerptOfInline(endpoint, reportFor(dialled, now()));
    } catch (error) {
      return reportForError(error as Error);
    } finally {
      limit.clear();
    }
  };

  return {
    send(endpoint, message, stop) {
      const startedMs = now();
      return timed(() => attempt(endpoint, message, stop, startedMs), startedMs);
    },
    async isReady({ url }, waitMs) {
      if (!URL.canParse(url)) return true;
      const target = new URL(url);
      return knownAddresses(target) !== undefined || resolver.isKnown(target.hostname, waitMs);
    },
    close: async () => pools.close(),
  };
}

function reportFor(dialled: DialResult, nowMs: number): AttemptReport {
  // A blocked address stays blocked until somebody changes DNS, the URL or the network rule.
  if (dialled.kind === 'blocked') return { outcome: RETRY_SLOWLY, log: { error: dialled.reason } };
  const { address, result } = dialled;
  if (result.kind === 'fault') return { outcome: RETRY, log: { address, error: describeError(result.error) } };
  const { status } = result;
  const outcome = classifyResponse(status, result.headers, nowMs);
  if (outcome.kind === 'delivered') return { outcome, log: { status, address } };
  return { outcome, log: { status, address, ...refusal(result) } };
}

function refusal({ status, headers, beginning }: Answer): Pick<Attempt, 'error' | 'excerpt'> {
  const error = status >= 300 && status <= 399 ? `HTTP ${status}, redirects are not followed` : `HTTP ${status}`;
  const excerpt = headers['content-encoding'] === undefined ? makeExcerpt(beginning) : '';
  return excerpt === '' ? { error } : { error, excerpt };
}

/** Whoever may submit may not thereby read what some address answers. */
function withoutExcerptOfInline({ name }: WebhookEndpoint, report: AttemptReport): AttemptReport {
  if (!INLINE_ENDPOINT.test(name)) return report;
  const { excerpt: _, ...log } = report.log;
  return { ...report, log };
}

/** Nothing was dialled: DNS failed, the time was over, or a key or certificate cannot be used. */
function reportForError(error: Error): AttemptReport {
  const isConfiguration = error instanceof ConfigurationError || error instanceof SecretKeyError;
  return { outcome: isConfiguration ? RETRY_SLOWLY : RETRY, log: { error: describeError(error) } };
}
