import { closeGateways, type RunningGateway, startGateway } from '../harness';

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(closeGateways);

test('/healthz is 200 whether or not Temporal can be reached', async () => {
  gateway.readiness = { ready: false, reason: 'away' };
  const response = await gateway.fetch('/healthz');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ healthy: true, version: '0.0.0-test' });
});

test('/readyz is 200 while Temporal can be reached, and 503 with the reason while not', async () => {
  expect((await gateway.fetch('/readyz')).status).toBe(200);

  gateway.readiness = { ready: false, reason: 'Temporal at 127.0.0.1:7233 cannot be reached.' };
  const response = await gateway.fetch('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    code: 'unavailable',
    detail: 'Temporal at 127.0.0.1:7233 cannot be reached.',
  });

  gateway.readiness = { ready: true };
  expect((await gateway.fetch('/readyz')).status).toBe(200);
});

test('/readyz is 503 when the question itself fails', async () => {
  const failing = await startGateway({ ready: () => Promise.reject(new Error('no connection')) });
  const response = await failing.fetch('/readyz');
  expect(response.status).toBe(503);
  expect(((await response.json()) as { detail: string }).detail).toContain('no connection');
});

test('/readyz is 503 when there is no word from Temporal in time', async () => {
  const waiting = await startGateway({ ready: () => new Promise(() => {}), timeouts: { readyMs: 20 } });
  const response = await waiting.fetch('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ detail: 'Temporal cannot be reached: it does not answer.' });
});
