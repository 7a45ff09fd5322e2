/**
 * A fault of the network in one short line for the attempt log: what an operator can act on, without Node's and
 * OpenSSL's inner names.
 */
export function describeFault(error: Error & { readonly code?: unknown; readonly reason?: unknown }): string {
  const code = typeof error.code === 'string' ? error.code : '';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'connect timeout';
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET')
    return `connection lost before an answer (${oneLine(error.message)})`;
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'the headers of the answer are too long';
  if (error.name === 'HTTPParserError') return `unreadable answer: ${oneLine(error.message)}`;
  if (isCertificateFault(code)) return `certificate refused: ${oneLine(error.message)} (${code})`;
  if (code.startsWith('ERR_SSL_')) return `TLS: ${typeof error.reason === 'string' ? error.reason : code}`;
  return oneLine(error.message) || error.name;
}

/** Codes of OpenSSL's verification (X509_V_ERR_…), as Node passes them on, and Node's own for a name that differs. */
function isCertificateFault(code: string): boolean {
  return (
    /CERT|^UNABLE_TO_|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$|^PATH_LENGTH_EXCEEDED$/.test(code) &&
    !code.startsWith('ERR_SSL_')
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}
