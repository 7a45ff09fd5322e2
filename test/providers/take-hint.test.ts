import { JobHeraldError } from '../../src/domain/jobherald-error';
import { createPatience } from '../../src/providers/take-hint';

/** For how long a message that always fails so is tried, in seconds; undefined for ever. */
function waited(error: unknown): number | undefined {
  let now = 0;
  const isOver = createPatience(() => now);
  for (; now <= 3_600_000; now += 100) if (isOver(error)) return now / 1000;
  return undefined;
}

const withCode = (code: number | string) => Object.assign(new Error('as it says'), { code });

test.each<[string, unknown, number | undefined]>([
  ['a refusal', new JobHeraldError('unprocessable', 'never'), 0],
  ['a job that nobody knows', new JobHeraldError('job_not_found', 'never'), 0],
  ['an outage', new JobHeraldError('unavailable', 'later'), undefined],
  ['credentials that an operator has to renew', withCode(7), undefined],
  ['an error of the network', withCode('ECONNRESET'), undefined],
  ['an error that has such a cause', new Error('wrapped', { cause: withCode(16) }), undefined],
  ['a defect', new TypeError('cannot read properties of undefined'), 3.1],
  ["a defect that Node's own code found", withCode('ERR_INVALID_ARG_TYPE'), 3.1],
  ['anything else that was thrown', 'a text', 3.1],
])('a message waits as long as what is in its way may pass: %s', (_what, error, seconds) => {
  expect(waited(error)).toBe(seconds);
});
