import type { ResponseHeaders } from '../channels/webhook/classify-response';

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

export function isTaken(reply: Reply): boolean {
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
