/**
 * Ends an attempt at its timeout, or when the caller gives it up. Not an AbortController: every attempt has a deadline,
 * and that one costs several times as much.
 */
export interface Deadline {
  /** Why the attempt is over: {@link TimeoutError} or the reason of the caller's signal. Undefined until then. */
  readonly reason: Error | undefined;
  /** Sets who is told when it is over, in place of who was to be before; null for nobody. */
  onOver(callback: ((reason: Error) => void) | null): void;
  remainingMs(): number;
  /** The attempt has its answer: lets go of timer and listener. */
  stop(): void;
}

export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(timeoutMs: number) {
    super(`timeout after ${timeoutMs < 1000 ? `${timeoutMs}ms` : `${timeoutMs / 1000}s`}`);
  }
}

export function startDeadline(timeoutMs: number, caller: AbortSignal): Deadline {
  const endsAt = performance.now() + timeoutMs;
  let reason: Error | undefined;
  let listener: ((reason: Error) => void) | null = null;
  const end = (why: Error) => {
    reason ??= why;
    listener?.(reason);
  };
  const giveUp = () => end(caller.reason instanceof Error ? caller.reason : new Error(String(caller.reason)));
  const timer = setTimeout(() => end(new TimeoutError(timeoutMs)), timeoutMs);
  caller.addEventListener('abort', giveUp);
  if (caller.aborted) giveUp();
  return {
    get reason() {
      return reason;
    },
    onOver(callback) {
      listener = callback;
    },
    remainingMs: () => Math.max(0, endsAt - performance.now()),
    stop() {
      clearTimeout(timer);
      caller.removeEventListener('abort', giveUp);
    },
  };
}

/** Settles as the promise does, or rejects with the deadline's reason if that comes first. */
export function unlessOver<T>(promise: Promise<T>, deadline: Deadline): Promise<T> {
  return new Promise((resolve, reject) => {
    if (deadline.reason) reject(deadline.reason);
    deadline.onOver(reject);
    promise.then(resolve, reject);
  });
}
