import type { Dispatcher } from 'undici';
import type { ResponseHeaders } from './classify-response';
import type { Deadline } from './deadline';
import { EXCERPT_SOURCE_BYTES } from './excerpt';

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
  /** The beginning of the body, of an answer that is not 2xx. */
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
 * Sends one POST request and takes the answer. The answer is there with status and headers: what its body does after
 * that changes nothing. The body is read only to keep the connection, and for the excerpt of a refusal.
 */
export function post(dispatcher: Dispatcher, request: PostRequest, deadline: Deadline): Promise<PostResult> {
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
      deadline.onOver(null);
      resolve(result);
    };
    const finishWithAnswer = () => {
      // Once there is an answer it counts, whatever ends the reading of its body.
      if (answer) finish({ kind: 'answer', ...answer, beginning: Buffer.concat(beginning) });
    };
    const giveUp = (error: Error) => {
      // Before there is a controller the request waits for a connection; onRequestStart then takes it back.
      controller?.abort(error);
      finishWithAnswer();
      finish({ kind: 'fault', error, connected: controller !== undefined });
    };
    const awaitBody = () => {
      if (answer !== undefined && answer.status <= 299) finishWithAnswer();
      const waitMs = Math.min(BODY_WAIT_MS, deadline.remainingMs());
      bodyTimer = setTimeout(() => controller?.abort(new Error('the body took too long')), waitMs).unref();
    };
    const stopWaiting = () => {
      clearImmediate(afterHeaders);
      clearTimeout(bodyTimer);
    };
    if (deadline.reason) {
      giveUp(deadline.reason);
      return;
    }
    deadline.onOver(giveUp);

    dispatcher.dispatch(
      { method: 'POST', path: request.path, headers: request.headers, body: request.body },
      {
        onRequestStart(started) {
          if (deadline.reason) started.abort(deadline.reason);
          else controller = started;
        },
        onResponseStart(_, status, headers) {
          // 1xx announces an answer and is none.
          if (status < 200) return;
          answer = { status, headers };
          // In a moment, not now: a short body has come along and needs neither timer nor a word about it; and the
          // connection is free for the next request then.
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
