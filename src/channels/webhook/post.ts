import type { Dispatcher } from 'undici';
import type { TimeLimit } from '../../async/time-limit';
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
export function post(dispatcher: Dispatcher, request: PostRequest, limit: TimeLimit): Promise<PostResult> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let answer: { readonly status: number; readonly headers: ResponseHeaders } | undefined;
    let afterHeaders: NodeJS.Immediate | undefined;
    let bodyTimer: NodeJS.Timeout | undefined;
    let bytesRead = 0;
    const beginning: Buffer[] = [];
    let finished = false;

    const finish = (result: PostResult) => {
      if (finished) return;
      finished = true;
      limit.onOver(null);
      resolve(result);
    };
    const finishWithAnswer = () => {
      // Once there is an answer it counts, however reading its body ends.
      if (answer) finish({ kind: 'answer', ...answer, beginning: Buffer.concat(beginning) });
    };
    const cancel = (error: Error) => {
      // Without a controller the request still waits for a connection; onRequestStart then aborts it.
      controller?.abort(error);
      finishWithAnswer();
      finish({ kind: 'fault', error, connected: controller !== undefined });
    };
    const awaitBody = () => {
      if (answer !== undefined && answer.status <= 299) finishWithAnswer();
      const waitMs = Math.min(BODY_WAIT_MS, limit.remainingMs());
      bodyTimer = setTimeout(() => controller?.abort(new Error('the body took too long')), waitMs).unref();
    };
    const stopWaiting = () => {
      clearImmediate(afterHeaders);
      clearTimeout(bodyTimer);
    };
    if (limit.reason) {
      cancel(limit.reason);
      return;
    }
    limit.onOver(cancel);

    dispatcher.dispatch(
      { method: 'POST', path: request.path, headers: request.headers, body: request.body },
      {
        onRequestStart(started) {
          if (limit.reason) started.abort(limit.reason);
          else controller = started;
        },
        onResponseStart(_, status, headers) {
          // 1xx announces an answer.
          if (status < 200) return;
          answer = { status, headers };
          // Not now but in the next turn: a short body arrives together with its headers, and then neither a timer is
          // needed nor a second connection for the next request.
          afterHeaders = setImmediate(awaitBody);
        },
        onResponseData(_, chunk) {
          if (bytesRead < EXCERPT_SOURCE_BYTES) beginning.push(chunk.subarray(0, EXCERPT_SOURCE_BYTES - bytesRead));
          bytesRead += chunk.length;
          if (bytesRead >= EXCERPT_SOURCE_BYTES) finishWithAnswer();
          if (bytesRead > MAX_ANSWER_BYTES) controller?.abort(new Error('the body is too long'));
        },
        onResponseEnd() {
          stopWaiting();
          finishWithAnswer();
        },
        onResponseError(_, error) {
          stopWaiting();
          finishWithAnswer();
          finish({ kind: 'fault', error, connected: controller !== undefined });
        },
      },
    );
  });
}
