import { Metadata } from '@grpc/grpc-js';
import fc from 'fast-check';
import { retryDelayOf } from '../../../src/providers/vertex-ai/retry-info';

/** An error as gRPC makes one, with these bytes for its details. */
function errorWith(...details: readonly Uint8Array[]): Error {
  const metadata = new Metadata();
  for (const each of details) metadata.add('grpc-status-details-bin', Buffer.from(each));
  return Object.assign(new Error('8 RESOURCE_EXHAUSTED'), { code: 8, metadata });
}

/** google.rpc.Status {code: 8, message: "quota", details: [ErrorInfo {}, RetryInfo {retry_delay: 20.5s}]}, serialized. */
const STATUS =
  '0808120571756f74611a2a0a28747970652e676f6f676c65617069732e636f6d2f676f6f676c652e7270632e4572726f72496e666f' +
  '1a360a28747970652e676f6f676c65617069732e636f6d2f676f6f676c652e7270632e5265747279496e666f120a0a0808141080cab5ee01';

describe('the delay that RetryInfo asks for', () => {
  it('is read from among the details of an error', () => {
    expect(retryDelayOf(errorWith(Buffer.from(STATUS, 'hex')))).toBe(20_500);
  });

  it.each([undefined, null, 'text', new Error('no metadata'), { metadata: {} }])('is not there in %p', (error) => {
    expect(retryDelayOf(error)).toBeUndefined();
  });

  it('is not there in details of another kind, and in none', () => {
    expect(retryDelayOf(errorWith())).toBeUndefined();
    expect(retryDelayOf(errorWith(Buffer.from(STATUS.slice(0, 106), 'hex')))).toBeUndefined();
  });

  it('is never an exception, whatever the bytes are', () => {
    const cut = fc
      .integer({ min: 0, max: STATUS.length / 2 })
      .map((length) => Buffer.from(STATUS, 'hex').subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(cut, fc.uint8Array({ maxLength: 64 })), (bytes) => {
        const delay = retryDelayOf(errorWith(bytes));
        return delay === undefined || delay >= 0;
      }),
    );
  });
});
