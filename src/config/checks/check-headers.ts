import { type Fault, pointerTo } from '../fault';

/** Headers that jobherald sets itself, and those that belong to the connection and not to the message (RFC 9110, 7.6.1). */
const OURS: ReadonlySet<string> = new Set([
  'idempotency-key',
  'content-type',
  'content-length',
  'host',
  'traceparent',
  'tracestate',
]);
const OUR_PREFIXES = ['webhook-', 'ce-'] as const;
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** RFC 9110, 5.6.2 and 5.5: a token; visible characters, spaces and tabs. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * @param at pointer of the headers
 * @param section as written, because names are in lower case afterwards and the faults name the keys of the file
 */
export function checkHeaders(at: string, section: Readonly<Record<string, string | undefined>>): readonly Fault[] {
  const headers = Object.entries(section);
  const names = headers.map(([name]) => name.toLowerCase());
  return headers.flatMap(([name, value], position) => {
    const repeated = names.indexOf(name.toLowerCase()) < position;
    const text = repeated
      ? 'is there already in another spelling; header names know no letter case'
      : faultOf(name, value);
    return text === undefined ? [] : [{ pointer: at + pointerTo(name), text }];
  });
}

function faultOf(name: string, value: string | undefined): string | undefined {
  const lower = name.toLowerCase();
  if (!NAME.test(name)) return 'is no header name; use letters, digits and dashes';
  if (OURS.has(lower) || OUR_PREFIXES.some((prefix) => lower.startsWith(prefix))) {
    return 'is set by jobherald itself; take it out';
  }
  if (OF_THE_CONNECTION.has(lower)) return 'belongs to the connection and cannot be configured; take it out';
  if (/[\r\n]/.test(value ?? '')) return 'must hold no line break; a trailing one often comes from reading a file';
  if (!VALUE.test(value ?? ''))
    return 'must hold only characters that a header can carry: no control characters, nothing beyond Latin-1';
  return undefined;
}
