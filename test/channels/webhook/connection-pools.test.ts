import { createConnectionPools, type Route } from '../../../src/channels/webhook/connection-pools';

const route = (address: string): Route => ({ endpoint: 'orders', origin: 'https://receiver.test', address });
const [a, b, c] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(route) as [Route, Route, Route];

test('the route that was used longest ago gives way, and is closed', async () => {
  const pools = createConnectionPools(2);
  const poolOfA = pools.get(a);
  const poolOfB = pools.get(b);
  expect(pools.get(a)).toBe(poolOfA);
  pools.get(c);
  expect([a, b, c].map(pools.has)).toEqual([true, false, true]);
  expect([poolOfA.closed, poolOfB.closed]).toEqual([false, true]);
  await pools.close();
  expect(poolOfA.destroyed).toBe(true);
});

test('a dropped route is closed and made anew', async () => {
  const pools = createConnectionPools();
  const first = pools.get(a);
  pools.drop(a);
  expect(first.closed).toBe(true);
  expect(pools.get(a)).not.toBe(first);
  await pools.close();
});
