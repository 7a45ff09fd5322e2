import { type CompressionAlgorithmValue, Producer } from '@platformatic/kafka';

export interface ToProduce {
  readonly key?: string | null;
  /** A value that is no text is sent as JSON; null is no value at all. */
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly partition?: number;
}

/** Puts messages into a topic in one request, in their order. */
export async function produce(
  broker: string,
  topic: string,
  messages: readonly ToProduce[],
  { compression }: { readonly compression?: CompressionAlgorithmValue } = {},
): Promise<void> {
  const producer = new Producer({ clientId: 'jobherald-tests', bootstrapBrokers: [broker], idempotent: true });
  try {
    await producer.send({
      ...(compression && { compression }),
      messages: messages.map(({ key, value, headers = {}, partition }) => ({
        topic,
        ...(typeof key === 'string' && { key: Buffer.from(key) }),
        ...(value !== null && { value: bytesOf(value) }),
        headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
        ...(partition !== undefined && { partition }),
      })),
    });
  } finally {
    await producer.close();
  }
}

function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}
