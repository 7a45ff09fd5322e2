import { PassThrough } from 'node:stream';
import pino from 'pino';
import type { Readiness } from '../../src/gateway/routes/health';
import { watchReachability } from '../../src/processes/watch-reachability';

const away = (reason: string): Readiness => ({ ready: false, reason });
const there: Readiness = { ready: true };

/** What is said where Temporal answers so, one time after the other. */
async function saidOf(...answers: readonly Readiness[]): Promise<readonly string[]> {
  const lines = new PassThrough();
  const stop = new AbortController();
  const left = answers.values();
  await watchReachability(
    async () => {
      const { value, done } = left.next();
      if (done) stop.abort();
      return value ?? there;
    },
    { logger: pino({ level: 'info' }, lines), signal: stop.signal, everyMs: 1 },
  );
  const text = String(lines.read() ?? '').trim();
  return text.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { msg: string }).msg]));
}

describe('watchReachability', () => {
  it('says each cause of an outage once, in whatever order they come, and when it is over', async () => {
    expect(await saidOf(there, away('refused'), away('no answer'), away('refused'), away('no answer'), there)).toEqual([
      'refused',
      'no answer',
      'Temporal can be used again',
    ]);
  });

  it('says a cause again in the next outage, and nothing while there is none', async () => {
    expect(await saidOf(there, there)).toEqual([]);
    expect(await saidOf(away('refused'), there, there, away('refused'))).toEqual([
      'refused',
      'Temporal can be used again',
      'refused',
    ]);
  });
});
