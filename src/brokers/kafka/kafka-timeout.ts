import { withTimeout } from '../../async/with-timeout';

export class KafkaTimeoutError extends Error {
  override readonly name = 'KafkaTimeoutError';
  constructor(timeoutMs: number) {
    super(`timeout after ${timeoutMs < 1000 ? `${timeoutMs}ms` : `${timeoutMs / 1000}s`}`);
  }
}

/** @throws {KafkaTimeoutError} where the promise is not settled by then; what it does afterwards is ignored */
export function withKafkaTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return withTimeout(work, timeoutMs, () => new KafkaTimeoutError(timeoutMs));
}
