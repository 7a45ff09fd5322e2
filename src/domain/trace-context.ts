/**
 * Whose trace something belongs to, as the headers say it that carry it from program to program.
 * Source: W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context-1/).
 */
export interface TraceContext {
  /** Version 00: `00-{trace id}-{parent id}-{flags}`. */
  readonly traceparent: string;
  /** What tracing systems add for themselves; passed on as it came, within {@link MAX_TRACESTATE}. */
  readonly tracestate?: string;
}

/** The two headers, as somebody has sent them. */
export interface TraceHeaders {
  readonly traceparent?: unknown;
  readonly tracestate?: unknown;
}

/** Section 3.2.2. A later version may add fields behind the four that this one has. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;
const SAMPLED = 1;

/**
 * What the headers say. An invalid `traceparent` counts as none, and `tracestate` with it; an invalid `tracestate` is left out.
 * What a later version of the format adds is dropped, and of its flags all but "sampled", as section 4.3 says.
 */
export function readTraceContext({ traceparent, tracestate }: TraceHeaders): TraceContext | undefined {
  const [, version, traceId = '', parentId = '', flags = '', more] =
    TRACEPARENT.exec(typeof traceparent === 'string' ? traceparent.trim() : '') ?? [];
  if (version === undefined || version === 'ff' || ZEROS.test(traceId) || ZEROS.test(parentId)) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  const sampled = (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED;
  const state = typeof tracestate === 'string' ? soundTracestate(tracestate) : '';
  return { traceparent: traceparentOf(traceId, parentId, sampled), ...(state !== '' && { tracestate: state }) };
}

/** Its parts, of one that {@link readTraceContext} has made. */
export function partsOf({ traceparent }: TraceContext): {
  readonly traceId: string;
  readonly parentId: string;
  readonly sampled: boolean;
} {
  const [, traceId = '', parentId = '', flags] = traceparent.split('-');
  return { traceId, parentId, sampled: flags !== '00' };
}

/** The same trace, for what is done next in it. @param parentId 16 hexadecimal digits, not all of them 0 */
export function childOf(context: TraceContext, parentId: string): TraceContext {
  const { traceId, sampled } = partsOf(context);
  return { ...context, traceparent: traceparentOf(traceId, parentId, sampled) };
}

/**
 * The trace of a run that was given none. Computed, so that it is the same at every replay; and the run's ID, so that one is
 * found by the other. It counts as sampled: receivers that decide by their caller would otherwise record nothing.
 * @param runId of the first run of its chain: a UUID
 */
export function beginTrace(runId: string): TraceContext {
  const traceId = runId.replaceAll('-', '').toLowerCase();
  return { traceparent: traceparentOf(traceId, traceId.slice(16), true) };
}

/** Version 00 of the header. */
export function traceparentOf(traceId: string, parentId: string, sampled: boolean): string {
  return `00-${traceId}-${parentId}-${sampled ? '01' : '00'}`;
}

/** So much has to be passed on, says section 3.3.1.5; a run carries no more. */
export const MAX_TRACESTATE = 512;
const MAX_ENTRIES = 32;
/** Entries that are longer are the first to go. */
const LONG_ENTRY = 128;

/** Section 3.3.1.3: a key, perhaps with a tenant before it, and printable ASCII without commas and equals signs. */
const ENTRY =
  /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Empty where it is not sound as a whole: nobody knows then what its parts mean. */
function soundTracestate(text: string): string {
  const entries = text
    .split(',')
    .map((entry) => entry.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((entry) => entry !== '');
  const keys = new Set(entries.map((entry) => entry.slice(0, entry.indexOf('='))));
  const isSound = entries.length <= MAX_ENTRIES && keys.size === entries.length && entries.every((e) => ENTRY.test(e));
  if (!isSound) return '';
  const length = (some: readonly string[]) => some.join(',').length;
  let kept = entries;
  if (length(kept) > MAX_TRACESTATE) kept = kept.filter((entry) => entry.length <= LONG_ENTRY);
  while (length(kept) > MAX_TRACESTATE) kept = kept.slice(0, -1);
  return kept.join(',');
}
