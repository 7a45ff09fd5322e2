/**
 * Settles as `work` does, unless that takes longer than `timeoutMs`: then it rejects, and what `work` does afterwards is
 * ignored.
 * @param onTimeout makes the error to reject with
 */
export function withTimeout<T>(work: Promise<T>, timeoutMs: number, onTimeout: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(onTimeout()), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
