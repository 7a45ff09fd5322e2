import { type ClientUnaryCall, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Stub } from './clients';

type Method = (
  request: object,
  metadata: Metadata,
  options: { readonly deadline: Date },
  callback: (error: ServiceError | null, response: unknown) => void,
) => ClientUnaryCall;

/**
 * Calls a method whose request is a resource name. Straight to the stub and not through the generated method, which
 * can be neither cancelled nor bounded, and which parses all protos once more for every error with details.
 * @throws {ServiceError} the API's refusal; the signal's reason once it is aborted
 */
export function callByName(
  stub: Stub,
  method: string,
  name: string,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<unknown> {
  const metadata = new Metadata();
  // How Google's front end finds the shard (https://google.aip.dev/client-libraries/4222).
  metadata.set('x-goog-request-params', `name=${encodeURIComponent(name)}`);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const call = (stub[method] as Method).call(
      stub,
      { name },
      metadata,
      { deadline: new Date(Date.now() + deadlineMs) },
      (error, response) => {
        signal.removeEventListener('abort', abort);
        if (signal.aborted) reject(signal.reason);
        else if (error) reject(error);
        else resolve(response);
      },
    );
    const abort = () => call.cancel();
    signal.addEventListener('abort', abort);
  });
}
