import { inspect } from 'node:util';
import fc from 'fast-check';

/** How long each property looks for a counterexample. Short enough for every run of the tests; lengthen it to search. */
const SECONDS = Number(process.env['JOBHERALD_FUZZ_SECONDS'] || 3);

/**
 * The same inputs in every run of the tests, so that none fails by chance; others where somebody searches for longer.
 * What failed is repeated with the seed that the failure names.
 */
const FIXED_SEED = 20_260_101;
const SEED = Number(
  process.env['JOBHERALD_FUZZ_SEED'] || (process.env['JOBHERALD_FUZZ_SECONDS'] ? Date.now() % 2 ** 31 : FIXED_SEED),
);

/** So that a faster machine does not see inputs in a run of the tests that no other has seen; a search has no such bound. */
const MAX_RUNS = process.env['JOBHERALD_FUZZ_SECONDS'] ? Number.MAX_SAFE_INTEGER : 1_000;

/** For one input to be dealt with, on a busy machine: what takes longer hangs. */
export const HANGS_AFTER_MS = 15_000;

/** For the last input that was begun in time, and for a failure to be told. */
const GRACE_MS = 60_000;

/**
 * A test that searches for an input for which `check` throws, rejects or hangs, for as long as time and number allow.
 * A failure names the seed, how to search again from it, and the smallest such input found in the time.
 */
export function holds<T>(name: string, inputs: fc.Arbitrary<T>, check: (input: T) => unknown): void {
  search(name, inputs, check, SECONDS);
}

/** The same for what only computes: a third of the time sees as many inputs. */
export function holdsPurely<T>(name: string, inputs: fc.Arbitrary<T>, check: (input: T) => unknown): void {
  search(name, inputs, check, SECONDS / 3);
}

function search<T>(name: string, inputs: fc.Arbitrary<T>, check: (input: T) => unknown, seconds: number): void {
  test(
    name,
    async () => {
      let last: Promise<unknown> = Promise.resolve();
      const property = fc.asyncProperty(inputs, async (input) => {
        const began = performance.now();
        last = Promise.resolve(input).then(check);
        await last;
        // What blocks the event loop is noticed only afterwards.
        expect(performance.now() - began).toBeLessThan(HANGS_AFTER_MS);
      });
      const found = await fc.check(property, {
        seed: SEED,
        numRuns: MAX_RUNS,
        timeout: HANGS_AFTER_MS,
        interruptAfterTimeLimit: seconds * 1000,
      });
      if (found.counterexample) throw new Error(describe(found), { cause: found.errorInstance });
      await last; // the time was over in the middle of it
    },
    seconds * 1000 + GRACE_MS,
  );
}

function describe<T>({ numRuns, seed, counterexamplePath, counterexample }: fc.RunDetails<T>): string {
  const input = inspect(counterexample, { depth: 20, maxStringLength: 300, maxArrayLength: 50, breakLength: 120 });
  return [
    `does not hold for input ${numRuns}, path ${counterexamplePath}; JOBHERALD_FUZZ_SEED=${seed} finds it again:`,
    ...input.split('\n').map((line) => line.slice(0, 500)),
  ].join('\n');
}
