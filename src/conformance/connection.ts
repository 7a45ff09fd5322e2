import { startTimeLimit } from '../async/time-limit';
import { describeError, makeExcerpt } from '../channels/webhook/attempt-log';
import type { ResponseHeaders } from '../channels/webhook/classify-response';
import { type PostResult, post } from '../channels/webhook/post';
import { openConnections } from '../http/connections';
import type { Webhook } from './webhook';

/** The way to the receiver. */
export interface Connection {
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
export function openConnection(url: URL, timeoutMs: number): Connection {
  // A connection each: what one request does to it says nothing about the next.
  const connections = openConnections({ origin: url.origin, keepAlive: false });
  const replies: Reply[] = [];
  const path = url.pathname + url.search;

  return {
    replies,
    async send({ headers, body }) {
      const startedAt = performance.now();
      const limit = startTimeLimit(timeoutMs, new AbortController().signal);
      try {
        const result = await post(connections, { path, headers: { ...headers }, body }, limit);
        const reply = toReply(result, performance.now() - startedAt);
        replies.push(reply);
        return reply;
      } finally {
        limit.clear();
      }
    },
    close: async () => connections.destroy(),
  };
}

function toReply(result: PostResult, ms: number): Reply {
  if (result.kind === 'fault') return { kind: 'fault', fault: describeError(result.error), ms };
  const { status, headers, beginning } = result;
  // Of a 2xx the body may be there or not, as the packets come; it means nothing.
  const excerpt = status <= 299 ? '' : makeExcerpt(beginning);
  return { kind: 'answer', status, headers, excerpt, ms };
}

/** What came back for one request. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: ResponseHeaders;
      /** The beginning of its body as one printable line; empty for 2xx. */
      readonly excerpt: string;
      /** Until status and headers were there, and the excerpt of what is not 2xx. */
      readonly ms: number;
    }
  /** No answer. */
  | { readonly kind: 'fault'; readonly fault: string; readonly ms: number };

export function isAccepted(reply: Reply): boolean {
  return reply.kind === 'answer' && reply.status >= 200 && reply.status <= 299;
}

/** `401 "wrong_key: no signature matches" in 3 ms` */
export function describeReply(reply: Reply): string {
  const ms = `${Math.round(reply.ms)} ms`;
  if (reply.kind === 'fault') return `no answer: ${reply.fault}, after ${ms}`;
  const excerpt = reply.excerpt === '' ? '' : ` "${short(reply.excerpt)}"`;
  return `${reply.status}${excerpt} in ${ms}`;
}

const MAX_SHOWN = 60;

function short(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_SHOWN ? text : `${characters.slice(0, MAX_SHOWN - 1).join('')}…`;
}
