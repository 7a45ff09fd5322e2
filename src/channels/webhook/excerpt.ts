import { MAX_EXCERPT_BYTES } from '../../domain/delivery';

/** How much of a body is kept to make an excerpt of: enough, even where control characters go away. */
export const EXCERPT_SOURCE_BYTES = 4 * MAX_EXCERPT_BYTES;

/** Control and format characters: they could forge log lines or turn the reading direction of a terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * The beginning of a body as one printable line, at most {@link MAX_EXCERPT_BYTES} of UTF-8 and no half character.
 */
export function makeExcerpt(beginning: Uint8Array): string {
  // Streaming mode leaves away a character that is cut off at the end.
  const text = new TextDecoder().decode(beginning, { stream: true });
  const printable = Buffer.from(text.replace(UNPRINTABLE, ' ').trim());
  let end = Math.min(printable.length, MAX_EXCERPT_BYTES);
  while (end < printable.length && isContinuation(printable[end])) end -= 1;
  return printable.toString('utf8', 0, end);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
