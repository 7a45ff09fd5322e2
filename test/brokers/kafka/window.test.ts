import fc from 'fast-check';
import { createWindow } from '../../../src/brokers/kafka/window';

const OURS = new Set([0, 1]);
const at = (partition: number, offset: number) => ({ partition, offset: BigInt(offset) });

describe('the window of what has been taken', () => {
  it('commits up to the first message that is not done with', () => {
    const window = createWindow();
    window.assign(OURS);
    const [first, second, third] = [5, 7, 8].map((offset) => window.take(at(0, offset)));
    expect(window.size).toBe(3);
    second?.finish();
    expect(window.uncommitted()).toEqual(new Map());
    first?.finish();
    expect(window.uncommitted()).toEqual(new Map([[0, 8n]]));
    window.committed(new Map([[0, 8n]]));
    expect(window.uncommitted()).toEqual(new Map());
    third?.finish();
    expect(window.uncommitted()).toEqual(new Map([[0, 9n]]));
    expect(window.size).toBe(0);
  });

  it('takes no message twice, and none that is not ours', () => {
    const window = createWindow();
    window.assign(OURS);
    expect(window.take(at(0, 5))).toBeDefined();
    expect(window.take(at(0, 5))).toBeUndefined();
    expect(window.take(at(0, 4))).toBeUndefined();
    expect(window.take(at(1, 4))).toBeDefined();
    expect(window.take(at(2, 4))).toBeUndefined();
  });

  it('gives up what another member reads now, and goes on with the rest', () => {
    const window = createWindow();
    window.assign(OURS);
    const lost = window.take(at(0, 5));
    const kept = window.take(at(1, 5));
    window.assign(new Set([1]));
    expect([lost?.signal.aborted, kept?.signal.aborted]).toEqual([true, false]);

    lost?.finish();
    kept?.finish();
    expect(window.uncommitted()).toEqual(new Map([[1, 6n]]));
    expect(window.take(at(1, 5))).toBeUndefined();
  });

  it('takes what comes again in a partition that comes back', () => {
    const window = createWindow();
    window.assign(OURS);
    window.take(at(0, 5));
    window.assign(new Set([1]));
    window.assign(OURS);
    expect(window.take(at(0, 3))).toBeDefined();
  });

  it('never commits past a message that is not done with, in whichever order they end', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(20).keys()]), (order) => {
        const window = createWindow();
        window.assign(OURS);
        const taken = Array.from({ length: 20 }, (_, offset) => window.take(at(0, offset)));
        for (const index of order) taken[index]?.finish();
        const firstOpen = [...Array(21).keys()].find((offset) => !order.includes(offset)) ?? 20;
        expect(Number(window.uncommitted().get(0) ?? 0n)).toBe(firstOpen);
      }),
    );
  });
});
