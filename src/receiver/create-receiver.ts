import { answerTo, failed, refuse } from './answers';
import { pruneNowAndThen } from './prune-now-and-then';
import { readBody } from './read-body';
import { toFetchHeaders } from './read-webhook-headers';
import type { ReceivedWebhook, Receiver, ReceiverOptions, ReceiverRequest, Refusal } from './receiver';
import { verificationKeys } from './verification-key';
import { verifyWebhook } from './verify-webhook';
import { WebhookVerificationError } from './webhook-verification-error';

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * A receiver that believes only signed webhooks and has one effect for each, by its `name` and `webhook-id`, however
 * many attempts and copies connect. How sure that is depends on the store: docs/receiver.md.
 * @throws {TypeError} without secrets, or for a name that is none
 * @throws {SecretKeyError} for a secret that is no key
 */
export function createReceiver<Context>(options: ReceiverOptions<Context>): Receiver {
  const { name, store, secrets, handler, toleranceSeconds, maxBodyBytes = MAX_BODY_BYTES } = options;
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(name)) {
    throw new TypeError(`name must be 1 to 100 letters, digits, "_", "." or "-"; it is ${JSON.stringify(name)}`);
  }
  verificationKeys(secrets);
  const onRefused = heedless(options.onRefused ?? (() => {}));
  const onError = heedless(options.onError ?? logError);
  const prune = pruneNowAndThen(store, (error) => onError(error, ''));

  /** The webhook, if it is to be believed. */
  async function receive(request: ReceiverRequest): Promise<ReceivedWebhook | Refusal> {
    if (request.method !== undefined && request.method !== 'POST') {
      return { status: 405, code: 'method_not_allowed', message: 'send it by POST' };
    }
    let body: Uint8Array | 'too large';
    try {
      body = await readBody(request.body, maxBodyBytes);
    } catch {
      return { status: 400, code: 'body_unreadable', message: 'the request ended in the middle of its body' };
    }
    if (body === 'too large') {
      return { status: 413, code: 'body_too_large', message: `at most ${maxBodyBytes} bytes are read` };
    }
    try {
      const verified = verifyWebhook({ headers: request.headers, body, secrets, toleranceSeconds });
      return withRequest(verified, body, request);
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      const { code, message } = error;
      return { status: code === 'malformed_header' ? 400 : 401, code, message };
    }
  }

  return {
    async handle(request) {
      let id = '';
      try {
        const webhook = await receive(request);
        if ('code' in webhook) {
          onRefused(webhook);
          return refuse(webhook);
        }
        id = webhook.id;
        const settlement = await store.once({ name, id }, async (context) => handler(webhook, context));
        prune();
        return answerTo(settlement);
      } catch (error) {
        onError(error, id);
        return failed();
      }
    },
  };
}

/** `payload` stays as lazy as it is: not every handler wants JSON. */
function withRequest(
  verified: Pick<ReceivedWebhook, 'id' | 'timestamp' | 'payload'>,
  body: Uint8Array,
  { headers }: ReceiverRequest,
): ReceivedWebhook {
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

/** Whoever listens cannot change the answer, not even by throwing. */
function heedless<Args extends readonly unknown[]>(listener: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      listener(...args);
    } catch {}
  };
}

function logError(error: unknown, id: string): void {
  // biome-ignore lint/suspicious/noConsole: a failure that nobody hears of is worse than a line that nobody asked for
  console.error(`webhook ${id || '(pruning)'} was not handled:`, error);
}
