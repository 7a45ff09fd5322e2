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
});
