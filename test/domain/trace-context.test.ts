import { beginTrace, childOf, MAX_TRACESTATE, partsOf, readTraceContext } from '../../src/domain/trace-context';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const VALID = `00-${TRACE}-${PARENT}-01`;

/** The cases of https://www.w3.org/TR/trace-context-1/ and of its test suite. */
describe('a traceparent', () => {
  test.each([
    ['as it is', VALID, VALID],
    ['not sampled', `00-${TRACE}-${PARENT}-00`, `00-${TRACE}-${PARENT}-00`],
    ['with flags that this version does not know', `00-${TRACE}-${PARENT}-ff`, VALID],
    ['of a later version', `cc-${TRACE}-${PARENT}-01`, VALID],
    ['of a later version with more fields', `cc-${TRACE}-${PARENT}-01-what-the-future-brings`, VALID],
    ['with blanks around it', ` ${VALID}\t`, VALID],
  ])('is taken: %s', (_, given, taken) => {
    expect(readTraceContext({ traceparent: given })).toEqual({ traceparent: taken });
  });

  test.each([
    ['none', undefined],
    ['not a text', 7],
    ['empty', ''],
    ['version ff', `ff-${TRACE}-${PARENT}-01`],
    ['more fields than version 00 has', `${VALID}-more`],
    ['a later version without a dash after the flags', `cc-${TRACE}-${PARENT}-01.more`],
    ['capital letters', VALID.toUpperCase()],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['a short version', `0-${TRACE}-${PARENT}-01`],
    ['other characters', `00-${TRACE.slice(1)}.-${PARENT}-01`],
    ['two of them', `${VALID}, ${VALID}`],
  ])('counts as none: %s', (_, traceparent) => {
    expect(readTraceContext({ traceparent, tracestate: 'a=1' })).toBeUndefined();
  });

  it('keeps trace and flags for what is done next', () => {
    const context = readTraceContext({ traceparent: VALID, tracestate: 'a=1' });
    const next = context && childOf(context, '1111111111111111');
    expect(next).toEqual({ traceparent: `00-${TRACE}-1111111111111111-01`, tracestate: 'a=1' });
    expect(context && partsOf(context)).toEqual({ traceId: TRACE, parentId: PARENT, sampled: true });
  });

  it('of a run that begins its own trace is valid, and names the run', () => {
    const begun = beginTrace('0199a3f0-5e6b-7c5d-8a1b-0c2d3e4f5a6b');
    expect(readTraceContext(begun)).toEqual(begun);
    expect(partsOf(begun).traceId).toBe('0199a3f05e6b7c5d8a1b0c2d3e4f5a6b');
  });
});

describe('a tracestate', () => {
  const stateOf = (tracestate: string) => readTraceContext({ traceparent: VALID, tracestate })?.tracestate;

  test.each([
    ['congo=t61rcWkgMzE,rojo=00f067aa0ba902b7', 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7'],
    ['foo=1 \t , \t bar=2, ,', 'foo=1,bar=2'],
    ['fw529a3039@dt=FfffffXXX,a-*/_=x y', 'fw529a3039@dt=FfffffXXX,a-*/_=x y'],
  ])('is passed on: %s', (given, kept) => {
    expect(stateOf(given)).toBe(kept);
  });

  test.each([
    'foo=1,foo=2',
    'Foo=1',
    'foo',
    'foo=',
    'foo=a=b',
    'foo@=1',
    '@foo=1',
    'foo@bar@baz=1',
    'foo=ü',
    Array.from({ length: 33 }, (_, i) => `k${i}=1`).join(),
  ])('is left out where it is not sound, and the trace goes on: %s', (given) => {
    expect(readTraceContext({ traceparent: VALID, tracestate: given })).toEqual({ traceparent: VALID });
  });

  it('is bounded: the long entries go first, then the last', () => {
    const short = Array.from({ length: 20 }, (_, i) => `k${i}=${'x'.repeat(30)}`);
    const kept = stateOf([`long=${'y'.repeat(200)}`, ...short].join()) ?? '';
    expect(kept.length).toBeLessThanOrEqual(MAX_TRACESTATE);
    expect(kept).toBe(short.slice(0, kept.split(',').length).join());
    expect(stateOf(`long=${'y'.repeat(200)},a=1`)).toContain('long=');
  });
});
