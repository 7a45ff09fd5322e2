import { createLimits } from '../../../activities/deliver/limits';
import { ENDPOINT_DEFAULTS } from '../../../src/config/defaults';

const endpoint = (name: string, concurrency: number, perSecond: number) => ({
  ...ENDPOINT_DEFAULTS,
  name,
  url: 'https://example.com',
  limits: { concurrency, perSecond },
});

describe('the limits of an endpoint', () => {
  it('let in as many at once as its concurrency, and another when one leaves', () => {
    const limits = createLimits();
    const first = limits.enter(endpoint('e', 2, 0), 'job.succeeded');
    limits.enter(endpoint('e', 2, 0), 'job.succeeded');
    const third = limits.enter(endpoint('e', 2, 0), 'job.succeeded');
    expect([first.granted, third.granted]).toEqual([true, false]);
    first.leave();
    expect(limits.enter(endpoint('e', 2, 0), 'job.succeeded').granted).toBe(true);
  });

  it('let in as many a second as its rate, and say when the next may come', () => {
    let time = 0;
    const limits = createLimits(() => time);
    expect(limits.enter(endpoint('e', 0, 4), 'job.succeeded').granted).toBe(true);
    expect(limits.enter(endpoint('e', 0, 4), 'job.succeeded')).toMatchObject({ granted: false, retryInMs: 250 });
    time = 250;
    expect(limits.enter(endpoint('e', 0, 4), 'job.succeeded').granted).toBe(true);
  });

  it('have those that an endpoint turns away ask again no faster than it is done with others', () => {
    let time = 0;
    const limits = createLimits(() => time);
    for (let i = 0; i < 4; i++) limits.enter(endpoint('hangs', 4, 0), 'job.succeeded');
    time = 8_000; // and none of the four is over
    const asks = Array.from({ length: 100 }, () => limits.enter(endpoint('hangs', 4, 0), 'job.succeeded'));
    const waits = asks.flatMap((pass) => (pass.granted ? [] : [pass.retryInMs]));
    expect(waits.slice(0, 6)).toEqual([2_000, 4_000, 6_000, 8_000, 10_000, 10_000]);
  });

  it('have those that a quick endpoint turns away ask again at once', () => {
    let time = 0;
    const limits = createLimits(() => time);
    for (let i = 0; i < 4; i++) limits.enter(endpoint('quick', 4, 0), 'job.succeeded');
    time = 20;
    expect(limits.enter(endpoint('quick', 4, 0), 'job.succeeded')).toMatchObject({ granted: false, retryInMs: 100 });
  });

  it('hold one endpoint back and not the other', () => {
    const limits = createLimits();
    limits.enter(endpoint('full', 1, 0), 'job.succeeded');
    expect(limits.enter(endpoint('full', 1, 0), 'job.succeeded').granted).toBe(false);
    expect(limits.enter(endpoint('other', 1, 0), 'job.succeeded').granted).toBe(true);
  });

  it('let inline endpoints have 20 attempts under way together, and one host 15 of them', () => {
    const inline = (host: string, n: number) => ({
      ...endpoint(`inline-${String(n).padStart(12, '0')}`, 20, 0),
      url: `https://${host}/${n}`,
    });
    const limits = createLimits();
    const enter = (host: string, from: number) =>
      Array.from({ length: 20 }, (_, n) => limits.enter(inline(host, from + n), 'job.succeeded')).filter(
        ({ granted }) => granted,
      );
    const ofOne = enter('one.example', 0);
    expect([ofOne.length, enter('two.example', 20).length]).toEqual([15, 5]);
    expect(limits.enter(endpoint('configured', 20, 0), 'job.succeeded').granted).toBe(true);
    ofOne[0]?.leave();
    expect(enter('three.example', 40)).toHaveLength(1);
  });

  it('leave half of what there is to the events of jobs, however many others there are', () => {
    const limits = createLimits();
    const enter = (type: 'task.running' | 'hint.dead_letter' | 'job.failed', n: number) =>
      Array.from({ length: n }, () => limits.enter(endpoint('e', 5, 0), type)).filter(({ granted }) => granted).length;
    expect([enter('task.running', 2), enter('hint.dead_letter', 50), enter('job.failed', 50)]).toEqual([2, 1, 2]);
    expect(limits.enter(endpoint('only one', 1, 0), 'task.running').granted).toBe(true);
  });

  it('know no bound where both are 0', () => {
    const limits = createLimits();
    expect(
      Array.from({ length: 1000 }, () => limits.enter(endpoint('e', 0, 0), 'job.succeeded').granted),
    ).not.toContain(false);
  });
});
