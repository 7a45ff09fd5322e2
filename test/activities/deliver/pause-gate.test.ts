import { createPauseGate } from '../../../activities/deliver/pause-gate';
import { NO_PROGRESS } from '../../../src/domain/delivery';

const { signal } = new AbortController();

describe('the pause gate', () => {
  it('asks about an endpoint once for many deliveries, and forgets it beyond a thousand others: strangers name them without number', async () => {
    const asked: string[] = [];
    const gate = createPauseGate({
      stateOf: async (endpoint) => {
        asked.push(endpoint);
        return { state: 'active' };
      },
    });
    const check = (endpoint: string) => gate.check(endpoint, NO_PROGRESS, Date.now(), signal);
    const timesAsked = () => asked.filter((endpoint) => endpoint === 'orders').length;

    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    expect((await check('orders')).open).toBe(true);
    for (let i = 0; i < 999; i++) await check(`stranger-${i}`);
    await check('orders');
    expect(timesAsked()).toBe(1);
    await check('stranger-999');
    await check('orders');
    expect(timesAsked()).toBe(2);
    now.mockRestore();
  });

  it('asks again where the answer took so long that a pause may have been answered meanwhile', async () => {
    let time = 0;
    const now = jest.spyOn(performance, 'now').mockImplementation(() => time);
    const paused = { state: 'paused', pausedAt: 0, reason: 'by an operator', runId: 'r' } as const;
    let asked = 0;
    const gate = createPauseGate({
      stateOf: async () => {
        asked += 1;
        time += asked === 1 ? 1_500 : 10;
        return asked === 1 ? { state: 'active' } : paused;
      },
    });
    expect((await gate.check('orders', NO_PROGRESS, Date.now(), signal)).open).toBe(false);

    // A Temporal that is slow, or does not answer, stops no delivery.
    let slow = 0;
    const delayed = createPauseGate({
      stateOf: async () => {
        slow += 1;
        time += 1_500;
        return { state: 'active' };
      },
    });
    expect((await delayed.check('orders', NO_PROGRESS, Date.now(), signal)).open).toBe(true);
    expect(slow).toBe(3);
    now.mockRestore();
  });
});
