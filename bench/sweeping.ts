import { Client } from '@temporalio/client';
import { loadConfig, parseConfig } from '../src/config/load-config';
import { NOT_ASKED_YET } from '../src/domain/job-run';
import { trackJob } from '../src/engine';
import { createProviders } from '../src/providers/registry';
import { dialClient } from '../src/temporal/dial-client';
import { eventually } from '../test/support/eventually';
import { buildForBench, eachAtOnce, type MakeJobs, withOpenJobs } from './open-jobs';
import { costWhileQuiet } from './watching';

/** `JOBHERALD_BENCH_SWEPT_JOBS=100000` measures others. */
const JOBS = (process.env['JOBHERALD_BENCH_SWEPT_JOBS'] ?? '20000').split(',').map(Number);
const NOWHERE = 'http://127.0.0.1:9/hook';
const CONFIG = JSON.stringify({
  network: { allow: ['127.0.0.1'] },
  secrets: { orders: ['whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='] },
  endpoints: [{ name: 'orders', url: NOWHERE, secret: 'orders' }],
  providers: { 'vertex-ai': { track: { endpoints: ['orders'] } } },
});

const RUNNING = { ...NOT_ASKED_YET, state: 'RUNNING', provider_state: 'JOB_STATE_RUNNING' } as const;

/**
 * What sweeps cost for more open jobs than can be submitted in a benchmark's time. Their runs are there, in visibility as
 * those that have begun, but begin in hours: so a worker, as it is shipped and with the defaults, has nothing to do but to watch.
 */
export async function benchSweeping() {
  await buildForBench();
  const measured: object[] = [];
  for (const count of JOBS) {
    const cost = await withOpenJobs(count, NOWHERE, costWhileQuiet, asleep);
    measured.push({ open_jobs: count, per_job_and_minute: cost });
  }
  return { measured };
}

const asleep: MakeJobs = async (count, { temporal, vertexAi, worker, configFile }) => {
  const { temporal: ofWorker } = loadConfig({ file: configFile, env: {}, cwd: '/' });
  const config = { ...parseConfig(CONFIG, { env: {}, cwd: '/' }), temporal: ofWorker };
  const providers = createProviders(config, { warn: () => undefined });
  const connection = await dialClient({ address: temporal.address });
  const client = startingLater(new Client({ connection }));
  const jobs = await eachAtOnce(count, async (job) => {
    vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING' });
    await trackJob({ client, config, providers }, { provider: 'vertex-ai', job, initial: RUNNING });
  });
  await connection.close();
  const watched = async () =>
    Number(
      /^jobherald_watched_jobs\{.*\} (\d+)$/m.exec(await (await fetch(`${worker.origin}/metrics`)).text())?.[1] ?? 0,
    );
  await eventually('all are watched', async () => (await watched()) >= count, { withinMs: 900_000 });
  return jobs;
};

function startingLater(client: Client): Client {
  const { workflow } = client;
  const start: typeof workflow.start = (type, options) => workflow.start(type, { ...options, startDelay: '5h' });
  return { ...client, workflow: { start } } as unknown as Client;
}
