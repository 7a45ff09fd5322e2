import { createByteBudget } from '../domain/byte-budget';
import { createHandling, HandlerTimeoutError, NotHandledError } from './handling';
import { headerValue, readBody, toFetchHeaders } from './read-request';
import type { ReceivedWebhook, Receiver, ReceiverAnswer, ReceiverOptions, ReceiverRequest, Refusal } from './receiver';
import { checkTimer, type Settlement, type Store } from './store';
import { verificationKeys } from './verification-key';
import { checkTolerance, checkWebhookHeaders, verifyWebhook } from './verify-webhook';
import { WebhookVerificationError } from './webhook-verification-error';

const MAX_BODY_BYTES = 1024 * 1024;
/** Bodies that are being received or handled together, or so many of the largest: nobody knows yet who sent them. */
const MAX_BYTES_IN_FLIGHT = 32 * 1024 * 1024;
const MIN_BODIES_IN_FLIGHT = 4;
const PRUNE_EVERY_MS = 60_000;
/** When to send a copy again of a webhook that is being handled. */
const RETRY_AFTER_SECONDS = 5;

/**
 * A receiver that accepts only signed webhooks and handles each once, by its `name` and `webhook-id`, however many
 * attempts and copies arrive. How strong that guarantee is depends on the store: docs/receiver.md.
 * @throws {TypeError} without secrets, or for an invalid name or bound
 * @throws {DurationError} for an invalid `timeout`
 * @throws {SecretKeyError} for an invalid secret
 */
export function createReceiver<Context>(options: ReceiverOptions<Context>): Receiver {
  const { name, store, secrets, handler, toleranceSeconds, maxBodyBytes = MAX_BODY_BYTES } = options;
  if (typeof name !== 'string' || !/^[A-Za-z0-9_.-]{1,100}$/.test(name)) {
    throw new TypeError(`name must be 1 to 100 letters, digits, "_", "." or "-"; it is ${JSON.stringify(name)}`);
  }
  const timeoutMs = checkTimer('timeout', options.timeout ?? '30s');
  const { max_waiting = 100 } = options;
  if (!Number.isSafeInteger(max_waiting) || max_waiting < 1) throw new TypeError('max_waiting must be 1 or more');
  // `Number(process.env.…)` of a variable that is not set is NaN, which is never exceeded.
  if (!(maxBodyBytes > 0)) throw new TypeError(`maxBodyBytes must be more than 0; it is ${maxBodyBytes}`);
  if (toleranceSeconds !== undefined) checkTolerance(toleranceSeconds);
  verificationKeys(secrets);
  const inFlight = createByteBudget(Math.max(MAX_BYTES_IN_FLIGHT, MIN_BODIES_IN_FLIGHT * maxBodyBytes));
  const handling = createHandling<Context>(timeoutMs, max_waiting);
  const onRefused = ignoringErrors(options.onRefused ?? (() => {}));
  const onError = ignoringErrors(options.onError ?? logError);
  const prune = schedulePruning(store, (error) => onError(error, ''));

  /** The webhook, if it is authentic. What can be refused without its body is, so that nothing is kept of it. */
  async function receive(request: ReceiverRequest, take: (bytes: number) => boolean): Promise<Verified | Refusal> {
    const { headers } = request;
    if (request.method !== undefined && request.method !== 'POST') {
      return { status: 405, code: 'method_not_allowed', message: 'use POST' };
    }
    try {
      checkWebhookHeaders({ headers, secrets, toleranceSeconds });
      const declared = Number(headerValue(headers, 'content-length') ?? 0);
      const body = declared > maxBodyBytes ? 'too large' : await bytesOf(request, take);
      if (body === 'too large') {
        return { status: 413, code: 'body_too_large', message: `the body is larger than ${maxBodyBytes} bytes` };
      }
      if (body === 'too many') {
        return { status: 503, code: 'overloaded', message: 'too many webhooks are being received; send it again' };
      }
      if (body === 'unreadable') {
        return { status: 400, code: 'body_unreadable', message: 'the request ended before its body did' };
      }
      return withRequest(verifyWebhook({ headers, body, secrets, toleranceSeconds }), body, request);
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      const { code, message } = error;
      return { status: code === 'malformed_header' ? 400 : 401, code, message };
    }
  }

  const bytesOf = (request: ReceiverRequest, take: (bytes: number) => boolean) =>
    readBody(request.body, { maxBytes: maxBodyBytes, take }).catch(() => 'unreadable' as const);

  return {
    async handle(request) {
      let id = '';
      let bytes = 0;
      const take = (more: number) => {
        const isTaken = inFlight.take(more);
        if (isTaken) bytes += more;
        return isTaken;
      };
      try {
        const webhook = await receive(request, take);
        if ('code' in webhook) {
          onRefused(webhook);
          return refuse(webhook);
        }
        id = webhook.id;
        const settlement = await handling(
          (effect) => store.once({ name, id }, effect),
          (context, signal) => handler(withSignal(webhook, signal), context),
        );
        prune();
        return answerTo(settlement);
      } catch (error) {
        onError(error, id);
        return error instanceof NotHandledError || error instanceof HandlerTimeoutError ? overloaded(error) : failed();
      } finally {
        inFlight.give(bytes);
      }
    },
  };
}

type Verified = Omit<ReceivedWebhook, 'signal'>;

/** `payload` stays lazy: not every handler needs JSON. */
function withRequest(
  verified: Pick<ReceivedWebhook, 'id' | 'timestamp' | 'payload'>,
  body: Uint8Array,
  { headers }: ReceiverRequest,
): Verified {
  return {
    id: verified.id,
    timestamp: verified.timestamp,
    get payload() {
      return verified.payload;
    },
    body,
    headers: toFetchHeaders(headers),
  };
}

function withSignal(webhook: Verified, signal: AbortSignal): ReceivedWebhook {
  return Object.defineProperty(webhook as ReceivedWebhook, 'signal', { value: signal, enumerable: true });
}

/** A listener cannot change the answer, not even by throwing; and one that is async ends no process by rejecting. */
function ignoringErrors<Args extends readonly unknown[]>(
  listener: (...args: Args) => unknown,
): (...args: Args) => void {
  return (...args) => {
    (async () => listener(...args))().catch(() => {});
  };
}

function logError(error: unknown, id: string): void {
  // biome-ignore lint/suspicious/noConsole: an unreported failure is worse than an unwanted line
  console.error(`webhook ${id || '(pruning)'} was not handled:`, error);
}

/** The sender keeps the beginning of the body in its attempt log, so each begins with a searchable word. */
export function answerTo(settlement: Settlement): ReceiverAnswer {
  switch (settlement) {
    case 'handled':
      return answer(200, 'handled');
    case 'duplicate':
      return answer(200, 'duplicate: handled before', { 'x-webhook-duplicate': 'true' });
    case 'busy':
      return answer(409, 'busy: another copy is being handled; send it again', {
        'retry-after': String(RETRY_AFTER_SECONDS),
      });
  }
}

export function refuse({ status, code, message }: Refusal): ReceiverAnswer {
  return answer(status, `${code}: ${message}`, EXTRA_HEADERS[status]);
}

const EXTRA_HEADERS: Readonly<Record<number, ReceiverAnswer['headers']>> = {
  405: { allow: 'POST' },
  503: { 'retry-after': String(RETRY_AFTER_SECONDS) },
};

/** The handler took too long, or too many wait for theirs. */
function overloaded({ message }: Error): ReceiverAnswer {
  return answer(503, `overloaded: ${message}; send it again`, EXTRA_HEADERS[503]);
}

/** The sender does not learn what went wrong. */
export function failed(): ReceiverAnswer {
  return answer(500, 'failed: not handled; send it again');
}

function answer(status: number, text: string, headers: ReceiverAnswer['headers'] = {}): ReceiverAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${text}\n` };
}

/**
 * To be called after each webhook: prunes the store at most once a minute, sooner if there is more to prune. It happens
 * after the answer, and nothing waits for it.
 */
export function schedulePruning(store: Pick<Store<never>, 'prune'>, onError: (error: unknown) => void): () => void {
  let notBefore = 0;
  return () => {
    // By a clock that nobody sets: after one that was set back for years nothing would be pruned for years.
    if (performance.now() < notBefore) return;
    notBefore = performance.now() + PRUNE_EVERY_MS;
    setImmediate(() => {
      store.prune().then((isThereMore) => {
        if (isThereMore) notBefore = 0;
      }, onError);
    }).unref();
  };
}
