import fc from 'fast-check';
import { createInFlight } from '../../../src/brokers/kafka/in-flight';

const OURS = new Set([0, 1]);
const at = (partition: number, offset: number) => ({ partition, offset: BigInt(offset) });

describe('the messages in flight', () => {
  it('commits up to the first message that is not done with', () => {
    const inFlight = createInFlight();
    inFlight.assign(OURS);
    const [first, second, third] = [5, 7, 8].map((offset) => inFlight.start(at(0, offset)));
    expect(inFlight.size).toBe(3);
    second?.finish();
    expect(inFlight.uncommitted()).toEqual(new Map());
    first?.finish();
    expect(inFlight.uncommitted()).toEqual(new Map([[0, 8n]]));
    inFlight.committed(new Map([[0, 8n]]));
    expect(inFlight.uncommitted()).toEqual(new Map());
    third?.finish();
    expect(inFlight.uncommitted()).toEqual(new Map([[0, 9n]]));
    expect(inFlight.size).toBe(0);
  });

  it('takes no message twice, and none that is not ours', () => {
    const inFlight = createInFlight();
    inFlight.assign(OURS);
    expect(inFlight.start(at(0, 5))).toBeDefined();
    expect(inFlight.start(at(0, 5))).toBeUndefined();
    expect(inFlight.start(at(0, 4))).toBeUndefined();
    expect(inFlight.start(at(1, 4))).toBeDefined();
    expect(inFlight.start(at(2, 4))).toBeUndefined();
  });

  it('gives up what another member reads now, and goes on with the rest', () => {
    const inFlight = createInFlight();
    inFlight.assign(OURS);
    const lost = inFlight.start(at(0, 5));
    const kept = inFlight.start(at(1, 5));
    inFlight.assign(new Set([1]));
    expect([lost?.signal.aborted, kept?.signal.aborted]).toEqual([true, false]);

    lost?.finish();
    kept?.finish();
    expect(inFlight.uncommitted()).toEqual(new Map([[1, 6n]]));
    expect(inFlight.start(at(1, 5))).toBeUndefined();
  });

  it('takes what comes again in a partition that comes back', () => {
    const inFlight = createInFlight();
    inFlight.assign(OURS);
    inFlight.start(at(0, 5));
    inFlight.assign(new Set([1]));
    inFlight.assign(OURS);
    expect(inFlight.start(at(0, 3))).toBeDefined();
  });

  it('never commits past a message that is not done with, in whichever order they end', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(20).keys()]), (order) => {
        const inFlight = createInFlight();
        inFlight.assign(OURS);
        const taken = Array.from({ length: 20 }, (_, offset) => inFlight.start(at(0, offset)));
        for (const index of order) taken[index]?.finish();
        const firstOpen = [...Array(21).keys()].find((offset) => !order.includes(offset)) ?? 20;
        expect(Number(inFlight.uncommitted().get(0) ?? 0n)).toBe(firstOpen);
      }),
    );
  });
});
