import type { IncomingMessage } from 'node:http';
import type { TimeLimit } from '../../async/time-limit';
import type { Connections } from '../../http/connections';
import { sendRequest } from '../../http/send-request';
import { EXCERPT_SOURCE_BYTES } from './attempt-log';
import type { ResponseHeaders } from './classify-response';

export interface PostRequest {
  /** Path and query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The beginning of the body, for an answer that is not 2xx. */
  readonly beginning: Uint8Array;
}

export type PostResult =
  | Answer
  /** `connected`: whether any byte can have reached the endpoint. */
  | { readonly kind: 'fault'; readonly error: Error; readonly connected: boolean };

/** At most this much of an answer is read. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** How long the body of an answer may take once its headers are there; the attempt itself is over by then. */
const BODY_WAIT_MS = 1_000;

/**
 * Sends one POST request and waits for the answer. The answer is complete with status and headers: what its body does
 * after that changes nothing. The body is read only to keep the connection, and for the excerpt of a refusal.
 */
export function post(connections: Connections, request: PostRequest, limit: TimeLimit): Promise<PostResult> {
  return new Promise((resolve) => {
    if (limit.reason) {
      resolve({ kind: 'fault', error: limit.reason, connected: false });
      return;
    }
    const finish = (result: PostResult) => {
      limit.onOver(null);
      resolve(result);
    };
    const abort = sendRequest(
      connections,
      { method: 'POST', path: request.path, headers: request.headers, body: request.body },
      {
        onAnswer(answer) {
          const { statusCode: status = 0, headers } = answer;
          readBeginning(answer, limit, (beginning) => finish({ kind: 'answer', status, headers, beginning }));
        },
        onFault: ({ error, connected }) => finish({ kind: 'fault', error, connected }),
      },
    );
    limit.onOver(abort);
  });
}

/** Reads an answer's body. `done` is called once, as soon as enough of it is there: of a 2xx nothing is needed. */
function readBeginning(answer: IncomingMessage, limit: TimeLimit, done: (beginning: Buffer) => void): void {
  const beginning: Buffer[] = [];
  let bytesRead = 0;
  let isDone = false;
  let bodyTimer: NodeJS.Timeout | undefined;

  const finish = () => {
    if (isDone) return;
    isDone = true;
    done(Buffer.concat(beginning));
  };
  // Once there is an answer it counts, however reading its body ends.
  const hangUp = (error: Error) => {
    answer.destroy(error);
    finish();
  };
  // Not now but in the next turn: a short body arrives together with its headers, and then neither a timer is needed nor
  // a second connection for the next request.
  const afterHeaders = setImmediate(() => {
    if ((answer.statusCode ?? 0) <= 299) finish();
    const waitMs = Math.min(BODY_WAIT_MS, limit.remainingMs());
    bodyTimer = setTimeout(() => hangUp(new Error('the body took too long')), waitMs).unref();
  });
  limit.onOver(hangUp);
  answer.on('data', (chunk: Buffer) => {
    if (bytesRead < EXCERPT_SOURCE_BYTES) beginning.push(chunk.subarray(0, EXCERPT_SOURCE_BYTES - bytesRead));
    bytesRead += chunk.length;
    if (bytesRead >= EXCERPT_SOURCE_BYTES) finish();
    if (bytesRead > MAX_ANSWER_BYTES) hangUp(new Error('the body is too long'));
  });
  answer.once('close', () => {
    clearImmediate(afterHeaders);
    clearTimeout(bodyTimer);
    finish();
  });
}
