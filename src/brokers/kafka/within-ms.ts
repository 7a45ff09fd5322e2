export class KafkaTimeoutError extends Error {
  override readonly name = 'KafkaTimeoutError';
  constructor(timeoutMs: number) {
    super(`timeout after ${timeoutMs < 1000 ? `${timeoutMs}ms` : `${timeoutMs / 1000}s`}`);
  }
}

/** @throws {KafkaTimeoutError} where the promise is not settled by then; what it does afterwards is nobody's concern */
export function withinMs<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new KafkaTimeoutError(timeoutMs)), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
