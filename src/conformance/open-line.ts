import { Pool } from 'undici';
import { startTimeLimit } from '../async/time-limit';
import { describeError, makeExcerpt } from '../channels/webhook/attempt-log';
import { CONNECT_TIMEOUT_MS } from '../channels/webhook/connection-pools';
import { type PostResult, post } from '../channels/webhook/post';
import type { Reply } from './reply';
import type { Webhook } from './webhook';

/** The way to the receiver. */
export interface Line {
  send(webhook: Webhook): Promise<Reply>;
  /** Everything that has come back so far. */
  readonly replies: readonly Reply[];
  close(): Promise<void>;
}

/**
 * Sends as jobherald does, with one exception: the URL is what somebody typed on a command line of their own, so the rule
 * on public addresses and https, which is about URLs of strangers, does not apply. No redirect is followed, no proxy of
 * the environment used, no certificate taken that is not valid.
 * @param timeoutMs for one request: connection, TLS and answer
 */
export function openLine(url: URL, timeoutMs: number): Line {
  const pool = new Pool(url.origin, {
    connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs), rejectUnauthorized: true },
    // A connection each: what one request does to it says nothing about the next.
    pipelining: 0,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const replies: Reply[] = [];
  const path = url.pathname + url.search;

  return {
    replies,
    async send({ headers, body }) {
      const startedAt = performance.now();
      const limit = startTimeLimit(timeoutMs, new AbortController().signal);
      try {
        const result = await post(pool, { path, headers: { ...headers }, body }, limit);
        const reply = toReply(result, performance.now() - startedAt);
        replies.push(reply);
        return reply;
      } finally {
        limit.clear();
      }
    },
    close: () => pool.destroy(),
  };
}

function toReply(result: PostResult, ms: number): Reply {
  if (result.kind === 'fault') return { kind: 'fault', fault: describeError(result.error), ms };
  const { status, headers, beginning } = result;
  // Of a 2xx the body may be there or not, as the packets come; it means nothing.
  const excerpt = status <= 299 ? '' : makeExcerpt(beginning);
  return { kind: 'answer', status, headers, excerpt, ms };
}
