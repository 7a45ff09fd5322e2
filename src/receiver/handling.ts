import type { Settlement } from './store';

/** A handler took longer than it may. What it did in a transaction is rolled back. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';
  constructor(timeoutMs: number) {
    super(`the handler took longer than ${timeoutMs / 1000} s; it counts as failed`);
  }
}

/** There is no room: other webhooks are being handled, and their handlers take their time. */
export class NotHandledError extends Error {
  override readonly name = 'NotHandledError';
}

/** Calls the handler by way of the store; where it has to wait, it waits for its turn. */
export type Handling<Context> = (
  once: (effect: (context: Context) => Promise<void>) => Promise<Settlement>,
  handle: HandleOnce<Context>,
) => Promise<Settlement>;

/** @param signal aborted when the time is over: whatever the handler does then is too late */
type HandleOnce<Context> = (context: Context, signal: AbortSignal) => void | Promise<void>;

/**
 * Bounds what one handler can hold up: it has `timeoutMs`, and at most `maxWaiting` webhooks wait, each as long.
 * The calls throw {@link HandlerTimeoutError} and {@link NotHandledError}.
 */
export function createHandling<Context>(timeoutMs: number, maxWaiting: number): Handling<Context> {
  let waiting = 0;

  const inTime = (context: Context, handle: HandleOnce<Context>): Promise<void> => {
    const controller = new AbortController();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = new HandlerTimeoutError(timeoutMs);
        reject(error);
        controller.abort(error);
      }, timeoutMs);
      // A handler that throws at once rejects as well.
      const handled = (async () => handle(context, controller.signal))();
      handled.finally(() => clearTimeout(timer)).then(resolve, reject);
    });
  };

  return (once, handle) => {
    if (waiting >= maxWaiting) {
      return Promise.reject(new NotHandledError(`${waiting} webhooks wait already`));
    }
    waiting++;
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      let isOver = false;
      const stopWaiting = () => {
        if (isWaiting) waiting--;
        isWaiting = false;
        clearTimeout(timer);
      };
      const giveUp = () => new NotHandledError(`it waited for ${timeoutMs / 1000} s`);
      const timer = setTimeout(() => {
        isOver = true;
        stopWaiting();
        reject(giveUp());
      }, timeoutMs);
      const effect = async (context: Context) => {
        // The sender has its answer, and comes again.
        if (isOver) throw giveUp();
        stopWaiting();
        await inTime(context, handle);
      };
      once(effect).finally(stopWaiting).then(resolve, reject);
    });
  };
}
