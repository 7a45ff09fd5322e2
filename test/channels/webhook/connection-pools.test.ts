import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { startTimeLimit } from '../../../src/async/time-limit';
import { createConnectionPools, type Route } from '../../../src/channels/webhook/connection-pools';
import { post } from '../../../src/channels/webhook/post';
import { NEVER } from './a-webhook';
import { closeAll, startServer } from './harness';

const route = (address: string): Route => ({ endpoint: 'orders', origin: 'https://receiver.test', address });
const [a, b, c] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(route) as [Route, Route, Route];

afterEach(closeAll);

test('the route that was used longest ago gives way', () => {
  const pools = createConnectionPools(2);
  const poolOfA = pools.get(a);
  pools.get(b);
  expect(pools.get(a)).toBe(poolOfA);
  pools.get(c);
  expect([a, b, c].map(pools.has)).toEqual([true, false, true]);
  pools.close();
});

test('a dropped route is closed and made anew: what is idle at once, what is under way when it is done', async () => {
  const answers: ServerResponse[] = [];
  const closed: Promise<unknown>[] = [];
  const server = await startServer((response) => {
    if (response.socket && answers.length < 2) closed.push(once(response.socket, 'close'));
    answers.push(response);
    if (answers.length === 1) response.end();
  });
  const pools = createConnectionPools();
  const here: Route = { endpoint: 'orders', origin: `http://127.0.0.1:${server.port}`, address: '127.0.0.1' };
  const limit = startTimeLimit(15_000, NEVER);
  const send = () => post(pools.get(here), { path: '/', headers: {}, body: Buffer.alloc(0) }, limit);
  const [idle, underWay] = [send(), send()];
  await idle;
  pools.drop(here);
  await closed[0];
  answers[1]?.end();
  expect(await underWay).toMatchObject({ kind: 'answer', status: 200 });
  await closed[1];
  limit.clear();
  const anew = send();
  pools.close();
  expect(await anew).toMatchObject({ kind: 'fault' });
});
