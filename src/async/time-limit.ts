import { TimeoutError } from './with-timeout';

/**
 * Ends a piece of work after a time, or when its caller cancels it, whichever comes first. Not an `AbortSignal.any` with
 * `AbortSignal.timeout`: this one knows the time that remains, and is cleared when the work is done.
 */
export interface TimeLimit {
  /** Why the work is over: {@link TimeoutError}, or the reason of the caller's signal. Undefined until then. */
  readonly reason: Error | undefined;
  /** Sets the one listener, in place of the one before; null for none. */
  onOver(listener: ((reason: Error) => void) | null): void;
  /** Settles as the promise does, or rejects with {@link reason} if the limit ends first. */
  race<T>(promise: Promise<T>): Promise<T>;
  remainingMs(): number;
  /** The work is done: releases timer and listener. */
  clear(): void;
}

export function startTimeLimit(timeoutMs: number, caller: AbortSignal): TimeLimit {
  const endsAt = performance.now() + timeoutMs;
  let reason: Error | undefined;
  let listener: ((reason: Error) => void) | null = null;
  const end = (why: Error) => {
    reason ??= why;
    listener?.(reason);
  };
  const cancel = () => end(caller.reason instanceof Error ? caller.reason : new Error(String(caller.reason)));
  const timer = setTimeout(() => end(new TimeoutError(timeoutMs)), timeoutMs);
  caller.addEventListener('abort', cancel);
  if (caller.aborted) cancel();

  return {
    get reason() {
      return reason;
    },
    onOver(next) {
      listener = next;
    },
    race(promise) {
      return new Promise((resolve, reject) => {
        if (reason) reject(reason);
        listener = reject;
        promise.then(resolve, reject);
      });
    },
    remainingMs: () => Math.max(0, endsAt - performance.now()),
    clear() {
      clearTimeout(timer);
      caller.removeEventListener('abort', cancel);
    },
  };
}
