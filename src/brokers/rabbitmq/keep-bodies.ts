import type { AsyncMessage, Channel, SyncMessage } from 'rabbitmq-client';

/** A message with its body as it was sent. */
export type RawMessage = AsyncMessage & { readonly body: Buffer };

/** What no content type begins with. */
const MARK = '\0';

interface HeaderFrame {
  readonly fields: { contentType?: string };
}

/**
 * Keeps the bodies of the messages that come by a channel. The library parses those of the types JSON and text, and has no option not to: integers
 * beyond 2^53 are rounded then, and bytes that are no UTF-8 replaced. So each type is marked before the library looks at it.
 * @throws {TypeError} with a version of the library that receives messages otherwise
 */
export function keepBodies(channel: Channel): void {
  const receiver = channel as unknown as { _onHeader?: (frame: HeaderFrame) => void };
  const onHeader = receiver._onHeader;
  if (typeof onHeader !== 'function') throw new TypeError('this version of rabbitmq-client hands on no header frames');
  receiver._onHeader = (frame) => {
    const { contentType } = frame.fields;
    if (contentType !== undefined) frame.fields.contentType = MARK + contentType;
    onHeader.call(channel, frame);
  };
}

/** A message of such a channel, with the content type that it was sent with. */
export function withOwnType<T extends AsyncMessage | SyncMessage>(message: T): T & { readonly body: Buffer } {
  const { contentType } = message;
  return contentType?.startsWith(MARK) ? { ...message, contentType: contentType.slice(MARK.length) } : message;
}
