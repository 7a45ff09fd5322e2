/** Work took longer than it may. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(timeoutMs: number) {
    super(`timeout after ${timeoutMs < 1000 ? `${timeoutMs}ms` : `${timeoutMs / 1000}s`}`);
  }
}

/**
 * Settles as `work` does, unless that takes longer than `timeoutMs`: then it rejects, and what `work` does afterwards is
 * ignored.
 * @param onTimeout makes the error to reject with. Default: {@link TimeoutError}
 */
export function withTimeout<T>(
  work: Promise<T>,
  timeoutMs: number,
  onTimeout: () => Error = () => new TimeoutError(timeoutMs),
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(onTimeout()), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
