import { createClient } from 'redis';
import { type NoContext, redisStore } from '../../../src/receiver';
import { eventually } from '../../support/eventually';
import { INSTALLED_WITHIN_MS } from '../../support/services/install';
import { sharedService } from '../../support/services/shared-service';
import { itKeepsTheRules } from './store-rules';

describe('the store in Redis', () => {
  let here: ReturnType<typeof createClient>;
  let there: ReturnType<typeof createClient>;
  const key = { name: 'orders', id: 'a' };
  const stored = 'jobherald:received:orders:a';

  beforeAll(async () => {
    const redis = await sharedService('redis');
    here = createClient({ url: redis.url });
    there = createClient({ url: redis.url });
    await Promise.all([here.connect(), there.connect()]);
  }, INSTALLED_WITHIN_MS);
  beforeEach(async () => {
    await here.flushDb();
  });
  afterAll(async () => {
    for (const client of [here, there]) client?.destroy();
  });

  itKeepsTheRules<NoContext>(() => ({
    open: (options) => [redisStore(here, options), redisStore(there, options)],
    effect: (id) => here.incr(`effects:${id}`),
    effects: async (id) => Number(await here.get(`effects:${id}`)),
  }));

  it('keeps the lease of a handler that takes longer than it', async () => {
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    // The clock of its renewals is this test's, so that no lease is lost to a machine that stands still.
    jest.useFakeTimers({
      doNotFake: [
        'setTimeout',
        'clearTimeout',
        'setImmediate',
        'nextTick',
        'queueMicrotask',
        'performance',
        'hrtime',
        'Date',
      ],
    });
    try {
      const first = redisStore(here, { lease: '30s' }).once(key, () => finished);
      for (let third = 0; third < 4; third++) {
        await eventually('its lease is whole', async () => (await there.pTTL(stored)) > 20_000);
        await there.pExpire(stored, 20_000); // as it is ten seconds later
        jest.advanceTimersByTime(10_000);
      }
      await eventually('its lease is whole', async () => (await there.pTTL(stored)) > 20_000);
      expect(await redisStore(there).once(key, async () => {})).toBe('busy');
      finish();
      expect(await first).toBe('handled');
    } finally {
      jest.useRealTimers();
    }
    expect(await there.get(stored)).toBe('done');
  });

  it('lets another receiver handle what a dead one left behind, once its lease is over', async () => {
    await here.set(stored, 'claimed by who died', { expiration: { type: 'PX', value: 60_000 } });
    const store = redisStore(there);
    expect(await store.once(key, async () => {})).toBe('busy');
    await here.pExpire(stored, 100);
    await eventually('it is handled', async () => (await store.once(key, async () => {})) === 'handled');
  });

  it('takes no lease away that another receiver has by now', async () => {
    const failing = redisStore(here).once(key, async () => {
      await there.set(stored, 'claimed by another');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await there.get(stored)).toBe('claimed by another');
  });

  it('forgets after 30 days by default', async () => {
    await redisStore(here).once(key, async () => {});
    const days = (await here.pTTL(stored)) / (24 * 60 * 60 * 1000);
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
  });

  it('keeps to a prefix of its own', async () => {
    await redisStore(here, { prefix: 'hooks:' }).once(key, async () => {});
    expect(await here.keys('*')).toEqual(['hooks:orders:a']);
  });
});
