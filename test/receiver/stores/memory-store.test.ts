import { memoryStore, type NoContext } from '../../../src/receiver';
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

  it('refuses a duration without a unit', () => {
    expect(() => memoryStore({ forgetAfter: '30' })).toThrow('"30" is not a duration');
  });
});
