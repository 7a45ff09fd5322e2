import { JobHeraldError } from '../domain/jobherald-error';
import { type ReadLargeInteger, readJson } from '../domain/json';
import { escapePointer } from './escape-pointer';

/** Refused by {@link assertStorable}, so that the fault has its pointer. */
const LARGE_INTEGER = Symbol('an integer beyond 2^53');

export interface ParseOptions {
  /**
   * What becomes of integers beyond 2^53. refuse: for bodies of the API, whose sender gets the error · text: for messages, which must
   * not be lost · round: for members of messages that have to be numbers.
   */
  readonly largeIntegers: 'refuse' | 'text' | 'round';
}

/**
 * Parses a body as JSON. An absent or empty body is `undefined`.
 * @throws {JobHeraldError} `bad_request` for anything that is not JSON in UTF-8, or JSON that cannot be kept as it is
 */
export function parseJson(
  body: Buffer | undefined,
  { largeIntegers }: ParseOptions = { largeIntegers: 'refuse' },
): unknown {
  if (body === undefined || body.length === 0) return undefined;
  let value: unknown;
  try {
    value = readJson(body, READERS[largeIntegers]);
  } catch (cause) {
    throw new JobHeraldError('bad_request', `The body is not JSON in UTF-8: ${whyNotJson(body, cause)}.`, { cause });
  }
  assertStorable(value);
  return value;
}

const READERS: Readonly<Record<ParseOptions['largeIntegers'], ReadLargeInteger>> = {
  refuse: () => LARGE_INTEGER,
  text: (digits) => digits,
  round: Number,
};

/** Names the mistakes that are made, without echoing the body: the parser's own words quote it. */
function whyNotJson(body: Buffer, cause: unknown): string {
  if (body[0] === 0x1f && body[1] === 0x8b) return 'it is compressed, send it as it is';
  if (cause instanceof TypeError) return 'it has bytes that are no UTF-8';
  const place = /position (\d+)/.exec((cause as Error).message)?.[1];
  return place === undefined ? 'check its quotes, commas and brackets' : `unexpected character at position ${place}`;
}

/** Deeper JSON overflows the stack of those that walk it by recursion, JSON.stringify among them. */
const MAX_DEPTH = 64;

/** `metadata` and `labels` have 32 KiB together, which hold fewer. Checking a body takes time for each value. */
const MAX_VALUES = 20_000;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Refuses what JSON can say and no one after us can keep: nesting without end, numbers beyond a double, half
 * characters (RFC 8259 section 8.2), and members that would change the prototype of whoever copies them.
 * @throws {JobHeraldError} `bad_request`, with the pointer of the first such place; `too_large` for too many values
 */
export function assertStorable(root: unknown): void {
  const open: { readonly value: unknown; readonly pointer: string; readonly depth: number }[] = [
    { value: root, pointer: '', depth: 0 },
  ];
  let count = 1;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next;
    const fault = faultOf(value, depth);
    if (fault !== undefined) {
      throw new JobHeraldError('bad_request', `The body cannot be used: ${fault}.`, {
        faults: [{ pointer, detail: fault }],
      });
    }
    if (typeof value !== 'object' || value === null) continue;
    count += Array.isArray(value) ? value.length : Object.keys(value).length;
    if (count > MAX_VALUES) {
      throw new JobHeraldError('too_large', `The body has more than ${MAX_VALUES} values; send fewer.`);
    }
    for (const [name, member] of Object.entries(value)) {
      if (name === '__proto__') refuseMember(pointer, '__proto__ is no name for a member');
      if (LONE_SURROGATE.test(name)) refuseMember(pointer, 'a name has half a surrogate pair');
      open.push({ value: member, pointer: `${pointer}/${escapePointer(name)}`, depth: depth + 1 });
    }
  }
}

function faultOf(value: unknown, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels`;
  if (value === LARGE_INTEGER) return 'an integer beyond 2^53, which many readers round; send it as a text';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number that no double holds';
  if (typeof value === 'string' && LONE_SURROGATE.test(value)) return 'half a surrogate pair';
  return undefined;
}

function refuseMember(pointer: string, detail: string): never {
  throw new JobHeraldError('bad_request', `The body cannot be used: ${detail}.`, { faults: [{ pointer, detail }] });
}
