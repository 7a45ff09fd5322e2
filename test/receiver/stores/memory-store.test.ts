import { memoryStore, type NoContext, redisStore } from '../../../src/receiver';
import { eventually } from '../../support/eventually';
import { itKeepsTheRules } from './store-rules';

describe('the store in memory', () => {
  const effects: string[] = [];
  itKeepsTheRules<NoContext>(() => ({
    open(options) {
      const store = memoryStore(options);
      return [store, store];
    },
    effect: (id) => effects.push(id),
    effects: (id) => effects.filter((each) => each === id).length,
  }));

  it('keeps what is not old when it lets go of what is', async () => {
    const store = memoryStore();
    const key = { name: 'orders', id: 'a' };
    await store.once(key, async () => {});
    expect(await store.prune()).toBe(false);
    expect(await store.once(key, async () => {})).toBe('duplicate');
  });

  it('lets go of what was handled before the clock was set back', async () => {
    const store = memoryStore({ forgetAfter: '20ms' });
    const key = { name: 'orders', id: 'a' };
    const wrong = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 10 ** 12);
    await store.once(key, async () => {});
    wrong.mockRestore();
    await eventually('it is forgotten', async () => (await store.once(key, async () => {})) === 'handled');
  });

  it('refuses a duration without a unit', () => {
    expect(() => memoryStore({ forgetAfter: '30' })).toThrow('"30" is not a duration');
  });

  // After 0 everything is forgotten at once; a longer lease than a timer can wait for would be renewed a thousand times a second.
  it('refuses to remember for no time, and a lease that Redis or no timer can hold', () => {
    const client = { sendCommand: jest.fn() };
    expect(() => memoryStore({ forgetAfter: '0s' })).toThrow('forgetAfter must be more than 0');
    expect(() => redisStore(client, { forgetAfter: '0s' })).toThrow('forgetAfter must be more than 0');
    expect(() => redisStore(client, { lease: '0s' })).toThrow('lease must be more than 0');
    expect(() => redisStore(client, { lease: '100d' })).toThrow('lease must be at most 24d');
  });
});
