// Workflows load this, whose modules keep nothing: the encoder of a context would stay behind.

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Bytes of a value as it stands in a payload: its JSON. A text in it costs its quotes and escapes, too. */
export function jsonBytes(value: unknown): number {
  return byteLength(JSON.stringify(value) ?? '');
}

/** What {@link cutText} leaves behind: a text that is cut again is cut further, and counted as a whole. */
const CUT = / … \((\d{1,12}) bytes more\)$/;

/** A text of at most so many bytes; of a longer one the beginning, up to a whole character, and how much is missing. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const [suffix = '', missing = '0'] = CUT.exec(text.slice(-40)) ?? [];
  const whole = text.slice(0, text.length - suffix.length);
  const bytes = byteLength(whole);
  if (bytes <= maxBytes) return text;
  const kept = beginning(whole, maxBytes);
  return `${kept} … (${bytes - byteLength(kept) + Number(missing)} bytes more)`;
}

/** The whole characters that a text begins with, as far as they fit. */
export function beginning(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
