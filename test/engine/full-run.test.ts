import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import { startImpatientTemporal } from '../support/impatient-temporal';
import { quietRuntime } from '../support/quiet-runtime';
import { type RealRun, startRealRun } from '../support/real-run';
import type { RealTemporal } from '../support/real-temporal';
import { SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

/** In place of Temporal's own 10,000. */
const SIGNALS = 15;

let temporal: RealTemporal;
let run: RealRun;
beforeAll(async () => {
  quietRuntime();
  temporal = await startImpatientTemporal({ events: 20, signals: SIGNALS });
  run = await startRealRun({ temporal, provider: scriptedProvider({ rules: { truth: 'messages' } }) });
});
afterAll(async () => {
  await run?.stop();
  await temporal?.close();
});

test('a message past what Temporal takes for one run waits for the run to continue as new, and is refused for good where it does not', async () => {
  const { job, handle } = await submitted();
  await run.stopWorker();
  const report = (n: number, status = 'RUNNING') =>
    run.inbox.report('scripted', job, { idempotency_key: `${job} ${n}`, data: { status, message: String(n) } });
  for (let n = 0; n < SIGNALS; n++) await report(n);

  const began = performance.now();
  await expect(report(SIGNALS)).rejects.toMatchObject({ code: 'unprocessable' });
  expect(performance.now() - began).toBeLessThan(30_000);
  const again = performance.now();
  for (let n = 0; n < 10; n++) await expect(report(SIGNALS + n)).rejects.toMatchObject({ code: 'unprocessable' });
  expect(performance.now() - again).toBeLessThan(20_000); // each would wait 2.5 s, if the run were not known to be full

  await run.startWorker();
  await eventually('the run takes messages again', async () => {
    await report(SIGNALS + 10, 'COMPLETED');
    return true;
  });
  expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
});

test('what Temporal finds fault with is refused for good, whatever it is', async () => {
  const { job } = await submitted();
  const message = 'x'.repeat(2.5 * 1024 * 1024); // over its limit for one payload, under that for one request
  await expect(run.inbox.report('scripted', job, { data: { status: 'RUNNING', message } })).rejects.toMatchObject({
    code: 'unprocessable',
  });
});

async function submitted() {
  const job = randomUUID();
  run.provider.says(SUCCEEDED);
  await run.jobs.submit({ provider: 'scripted', job, endpoints: [] });
  const handle = run.client.workflow.getHandle(`scripted/${job}`);
  await eventually('it runs', async () => Number((await handle.describe()).historyLength) > 3);
  return { job, handle };
}
