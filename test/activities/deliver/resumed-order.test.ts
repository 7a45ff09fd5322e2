import { createResumedOrder } from '../../../activities/deliver/resumed-order';

describe('the deliveries of a resumed endpoint', () => {
  it('go on in the order in which they began to wait, not in that in which they come', async () => {
    const takeTurn = createResumedOrder();
    const went: number[] = [];
    const come = async (since: number) => {
      await takeTurn('orders', since);
      went.push(since);
    };
    const first = [30, 10, 40].map(come);
    await first[1];
    // Comes while others are let go.
    await Promise.all([...first, come(20)]);
    expect(went).toEqual([10, 20, 30, 40]);
    await Promise.all([come(2), come(1)]);
    expect(went.slice(4)).toEqual([1, 2]);
  });

  it('do not wait for those of another', async () => {
    const takeTurn = createResumedOrder();
    const went: string[] = [];
    const orders = Array.from({ length: 100 }, (_, i) => takeTurn('orders', i).then(() => went.push('orders')));
    await takeTurn('audit', 1_000).then(() => went.push('audit'));
    expect(went.indexOf('audit')).toBeLessThan(50);
    await Promise.all(orders);
    expect(went).toHaveLength(101);
  });
});
