import fc from 'fast-check';

/** `npm run soak` searches for as long as is wished, from another seed each time; a run of the tests tries a few. */
const SECONDS = Number(process.env['JOBHERALD_FUZZ_SECONDS'] || 0);
const SEED = Number(process.env['JOBHERALD_FUZZ_SEED'] || (SECONDS > 0 ? Date.now() % 2 ** 31 : 20_260_102));

/** What a search may go up to, and what a run of the tests has time for. */
export function upToWhenSearched(searched: number, tested: number): number {
  return SECONDS > 0 ? searched : tested;
}

/**
 * A test that searches for sizes and counts for which an end is lost. The checks are whole jobs on a real Temporal, so
 * a failure names the first input found and how to find it again, and does not shrink it where time is short.
 */
export function boundHolds<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  {
    runs,
    withinMs,
    first = [],
  }: {
    readonly runs: number;
    readonly withinMs: number;
    /** Where the bounds are known to be, so that each run of the tests tries them; among the runs. */
    readonly first?: readonly T[];
  },
  check: (input: T) => Promise<void>,
): void {
  it(
    name,
    async () => {
      const found = await fc.check(fc.asyncProperty(inputs, check), {
        seed: SEED,
        examples: first.map((input): [T] => [input]),
        numRuns: SECONDS > 0 ? Number.MAX_SAFE_INTEGER : runs,
        endOnFailure: SECONDS === 0,
        ...(SECONDS > 0 && { interruptAfterTimeLimit: SECONDS * 1000 }),
      });
      if (!found.counterexample) return;
      const input = JSON.stringify(found.counterexample).slice(0, 5_000);
      const again = `JOBHERALD_FUZZ_SEED=${found.seed} JOBHERALD_FUZZ_SECONDS=600 finds it again`;
      throw new Error(`an end was lost with ${input}; ${again}`, { cause: found.errorInstance });
    },
    SECONDS * 1000 + withinMs,
  );
}

/** Nothing, anything, or all of it: a bound is found at its ends. */
export function upTo(max: number): fc.Arbitrary<number> {
  return fc.oneof(fc.constant(0), fc.integer({ min: 1, max }), fc.constant(max));
}

/** What texts are made of: it costs one, two, three or six bytes in JSON. */
export const CHARACTER = fc.constantFrom('x', '"', '€', '\u0001');
