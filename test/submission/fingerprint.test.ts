import fc from 'fast-check';
import type { Submission } from '../../schemas/types';
import { canonicalJson } from '../../src/submission/canonical-json';
import { submissionFingerprint } from '../../src/submission/fingerprint';

const BODY: Submission = { provider: 'p', job: 'j', endpoints: ['orders'] };

/** The same value with the members of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe('canonicalJson', () => {
  it('is the same text whatever the order of members, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps the order of lists', () => {
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });
});

describe('submissionFingerprint', () => {
  it('does not look at the key', () => {
    expect(submissionFingerprint({ ...BODY, idempotency_key: 'a' }, 'j')).toBe(submissionFingerprint(BODY, 'j'));
  });

  it('takes two spellings of one job for the same', () => {
    expect(submissionFingerprint({ ...BODY, job: ' j ' }, 'j')).toBe(submissionFingerprint(BODY, 'j'));
  });

  it('takes a member that is undefined for one that is absent', () => {
    expect(submissionFingerprint({ ...BODY, correlation_id: undefined as never }, 'j')).toBe(
      submissionFingerprint(BODY, 'j'),
    );
  });

  it.each<[string, Partial<Submission>]>([
    ['the provider', { provider: 'q' }],
    ['an endpoint', { endpoints: ['audit'] }],
    ['how an endpoint is written', { endpoints: [{ name: 'orders' }] }],
    ['a correlation id', { correlation_id: '' }],
    ['metadata, even empty', { metadata: {} }],
    ['the type of a value', { metadata: { a: '1' } }],
  ])('looks at %s', (_, change) => {
    const base = { ...BODY, ...(change.metadata?.['a'] ? { metadata: { a: 1 } } : {}) };
    expect(submissionFingerprint({ ...base, ...change }, 'j')).not.toBe(submissionFingerprint(base, 'j'));
  });
});
