import { MAX_EXCERPT_BYTES } from '../../domain/delivery';

/**
 * A network error in one short line for the attempt log: what an operator can act on, without the internal names of
 * Node.js and OpenSSL.
 */
export function describeError(error: Error & { readonly code?: unknown; readonly reason?: unknown }): string {
  const code = typeof error.code === 'string' ? error.code : '';
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    const how = error.message === 'socket hang up' ? 'other side closed' : oneLine(error.message);
    return `connection lost before an answer (${how})`;
  }
  if (code === 'HPE_HEADER_OVERFLOW') return 'the headers of the answer are too long';
  if (code.startsWith('HPE_')) return `unreadable answer: ${oneLine(error.message)}`;
  if (isCertificateError(code)) return `certificate refused: ${oneLine(error.message)} (${code})`;
  if (code === 'EPROTO') return `TLS: ${/SSL routines:[^:]*:([^:]+)/.exec(error.message)?.[1] ?? code}`;
  if (code.startsWith('ERR_SSL_')) return `TLS: ${typeof error.reason === 'string' ? error.reason : code}`;
  return oneLine(error.message) || error.name;
}

/** Codes of OpenSSL's verification (X509_V_ERR_…) as Node.js passes them on, and its own for a name that differs. */
function isCertificateError(code: string): boolean {
  return (
    /CERT|^UNABLE_TO_|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$|^PATH_LENGTH_EXCEEDED$/.test(code) &&
    !code.startsWith('ERR_SSL_')
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}

/** How much of a body is kept for the excerpt: enough, even after control characters are removed. */
export const EXCERPT_SOURCE_BYTES = 4 * MAX_EXCERPT_BYTES;

/** Control and format characters: they could forge log lines or reverse the reading direction of a terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * The beginning of a body as one printable line, at most {@link MAX_EXCERPT_BYTES} of UTF-8 and no partial character.
 */
export function makeExcerpt(beginning: Uint8Array): string {
  // Streaming mode drops a character that is cut off at the end.
  const text = new TextDecoder().decode(beginning, { stream: true });
  const printable = Buffer.from(text.replace(UNPRINTABLE, ' ').trim());
  let end = Math.min(printable.length, MAX_EXCERPT_BYTES);
  while (end < printable.length && isContinuation(printable[end])) end -= 1;
  return printable.toString('utf8', 0, end);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
