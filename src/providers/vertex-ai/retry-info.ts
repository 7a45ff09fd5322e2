import { Metadata } from '@grpc/grpc-js';

/** Where gRPC carries the details of an error: a serialized google.rpc.Status (https://google.aip.dev/193). */
const DETAILS_KEY = 'grpc-status-details-bin';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/**
 * How long the API asks to be left alone, in ms: `retry_delay` of google.rpc.RetryInfo in an error's details; undefined
 * where there is none. Reads the three messages that it needs itself, because the library's decoder parses its protos
 * again for every error.
 * Source: google/rpc/status.proto, google/rpc/error_details.proto, https://protobuf.dev/programming-guides/encoding
 */
export function retryDelayOf(error: unknown): number | undefined {
  const { metadata } = (error ?? {}) as { readonly metadata?: unknown };
  if (!(metadata instanceof Metadata)) return undefined;
  const [status] = metadata.get(DETAILS_KEY);
  if (!Buffer.isBuffer(status)) return undefined;
  try {
    for (const { field, value } of fieldsOf(status)) {
      if (field !== STATUS.details || !Buffer.isBuffer(value)) continue;
      const delay = retryDelayIn(value);
      if (delay !== undefined) return delay;
    }
  } catch (cause) {
    if (!(cause instanceof MalformedMessage)) throw cause;
  }
  return undefined;
}

const STATUS = { details: 3 } as const;
const ANY = { typeUrl: 1, value: 2 } as const;
const INFO = { retryDelay: 1 } as const;
const DURATION = { seconds: 1, nanos: 2 } as const;

function retryDelayIn(any: Buffer): number | undefined {
  const fields = [...fieldsOf(any)];
  const at = (field: number) => fields.find((each) => each.field === field)?.value;
  if (at(ANY.typeUrl)?.toString() !== RETRY_INFO) return undefined;
  const info = at(ANY.value);
  if (!Buffer.isBuffer(info)) return undefined;
  const duration = [...fieldsOf(info)].find(({ field }) => field === INFO.retryDelay)?.value;
  if (!Buffer.isBuffer(duration)) return undefined;
  const numbers = new Map([...fieldsOf(duration)].map(({ field, value }) => [field, Number(value)]));
  const ms = (numbers.get(DURATION.seconds) ?? 0) * 1_000 + (numbers.get(DURATION.nanos) ?? 0) / 1e6;
  return Number.isFinite(ms) && ms >= 0 ? Math.ceil(ms) : undefined;
}

interface Field {
  readonly field: number;
  /** A varint, or the bytes of anything else. */
  readonly value: bigint | Buffer;
}

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** @throws {MalformedMessage} */
function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new MalformedMessage('the message is cut off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
      if (shift > 63n) throw new MalformedMessage('a varint of more than ten bytes');
    }
  };
  const bytes = (length: number): Buffer => {
    if (length < 0 || at + length > message.length) throw new MalformedMessage('the message is cut off');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const field = tag >>> 3;
    switch (tag & 7) {
      case WIRE.varint:
        yield { field, value: varint() };
        break;
      case WIRE.fixed64:
        yield { field, value: bytes(8) };
        break;
      case WIRE.bytes:
        yield { field, value: bytes(Number(varint())) };
        break;
      case WIRE.fixed32:
        yield { field, value: bytes(4) };
        break;
      default:
        throw new MalformedMessage('a wire type that no message has');
    }
  }
}
