import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Connection } from '@temporalio/client';
import { Pool } from 'undici';
import { createEngine } from '../src/engine';
import { createProviders } from '../src/providers/registry';
import { dialClient } from '../src/temporal/dial-client';
import { testConfig } from '../test/support/test-config';
import { startBenchTemporal } from './bench-temporal';
import { cpuSeconds } from './cpu-time';
import { startChild } from './rounds/child';
import { inTurn } from './rounds/whole-runs';
import { spread } from './statistics';

const ROUNDS = 6;
const WARM_UP_ROUNDS = 1;
const HINTS = 400;
const AT_ONCE = 20;
/** So many jobs are open, and no worker handles their signals: only the way into Temporal is measured. */
const JOBS = 100;

/**
 * Hints from Pub/Sub through a gateway, a process of its own, against a loop that signals the same runs itself.
 * Each round has jobs of its own, as each signal makes a run's history longer.
 */
export async function benchIngress() {
  const temporal = await startBenchTemporal();
  const { address } = temporal;
  const taskQueue = `ingress-${randomUUID()}`;
  const order = { address, taskQueue };
  const gateway = await startChild<{ origin: string }>('gateway-process', order, {
    silent: true,
  });
  const pool = new Pool(gateway.answer.origin, { connections: AT_ONCE });
  const connection = await dialClient({ address });
  const client = new Client({ connection });

  const rounds: { bare: Round; ours: Round }[] = [];
  for (let i = 0; i < WARM_UP_ROUNDS + ROUNDS; i++) {
    const ways = {
      bare: async () => {
        const jobs = await openJobs(connection, taskQueue);
        return measure(temporal.pid, gateway.pid, (n) => signal(client, jobs[n % JOBS] ?? ''));
      },
      ours: async () => {
        const jobs = await openJobs(connection, taskQueue);
        return measure(temporal.pid, gateway.pid, (n) => push(pool, jobs[n % JOBS] ?? ''));
      },
    };
    const measured = await inTurn(ways, i);
    if (i >= WARM_UP_ROUNDS) rounds.push(measured);
  }

  gateway.stop();
  await pool.close();
  await connection.close();
  await temporal.stop();
  return {
    hints_each: ROUNDS * HINTS,
    ours_to_bare: {
      hints_per_second: spread(rounds.map(({ bare, ours }) => ours.perSecond / bare.perSecond)),
      server_cpu: spread(rounds.map(({ bare, ours }) => ours.serverMs / bare.serverMs)),
    },
    machine: {
      bare_signals_per_second: spread(rounds.map(({ bare }) => bare.perSecond)),
      ours_hints_per_second: spread(rounds.map(({ ours }) => ours.perSecond)),
      gateway_cpu_ms_per_hint: spread(rounds.map(({ ours }) => ours.gatewayMs)),
    },
  };
}

/** @returns names of jobs, each with an open run */
async function openJobs(connection: Connection, taskQueue: string): Promise<readonly string[]> {
  const config = testConfig({
    temporal: { taskQueue },
    endpoints: [{ name: 'orders', url: 'http://127.0.0.1:9/hook' }],
  });
  const providers = createProviders(config, { warn: () => undefined });
  const { jobs } = createEngine({ client: new Client({ connection }), config, providers });
  const names = Array.from({ length: JOBS }, anyName);
  let next = 0;
  const submitInTurn = async () => {
    for (let name = names[next++]; name; name = names[next++]) {
      await jobs.submit({ provider: 'vertex-ai', job: name, endpoints: ['orders'] });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, submitInTurn));
  await Promise.all([...providers.values()].map((provider) => provider.close()));
  await sleep(500); // what the server does after the starts is not the signals' cost
  return names;
}

function anyName(): string {
  const id = BigInt(`0x${randomUUID().replaceAll('-', '').slice(0, 14)}`);
  return `projects/123/locations/us-central1/batchPredictionJobs/${id}`;
}

function signal(client: Client, job: string): Promise<unknown> {
  return client.workflow.getHandle(`vertex-ai/${job}`).signal('completion', { idempotency_key: randomUUID() });
}

/** As a push subscription of a log sink sends it, see test/gateway/ingress. */
async function push(pool: Pool, job: string): Promise<void> {
  const [, project, , location, , id] = job.split('/');
  const entry = {
    insertId: randomUUID(),
    logName: `projects/${project}/logs/aiplatform.googleapis.com%2Fjob_events`,
    resource: { type: 'aiplatform.googleapis.com/BatchPredictionJob', labels: { job_id: id, location } },
    labels: { 'ml.googleapis.com/job_id/log_area': 'root' },
    jsonPayload: { name: job, state: 'JOB_STATE_SUCCEEDED' },
    protoPayload: { resourceName: job },
    severity: 'INFO',
    timestamp: new Date().toISOString(),
  };
  const body = JSON.stringify({
    message: {
      data: Buffer.from(JSON.stringify(entry)).toString('base64'),
      messageId: randomUUID(),
      publishTime: entry.timestamp,
    },
    subscription: `projects/${project}/subscriptions/jobs`,
  });
  const response = await pool.request({
    method: 'POST',
    path: '/ingress/pubsub',
    headers: { 'content-type': 'application/json' },
    body,
  });
  await response.body.dump();
  if (response.statusCode !== 204) throw new Error(`the gateway answered ${response.statusCode}`);
}

interface Round {
  readonly perSecond: number;
  /** CPU time for one hint, ms. */
  readonly serverMs: number;
  readonly gatewayMs: number;
}

async function measure(server: number, gateway: number, send: (n: number) => Promise<unknown>): Promise<Round> {
  const before = [cpuSeconds(server), cpuSeconds(gateway)] as const;
  const began = performance.now();
  let next = 0;
  const loop = async () => {
    for (let n = next++; n < HINTS; n = next++) await send(n);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
  const seconds = (performance.now() - began) / 1000;
  return {
    perSecond: HINTS / seconds,
    serverMs: ((cpuSeconds(server) - before[0]) * 1000) / HINTS,
    gatewayMs: ((cpuSeconds(gateway) - before[1]) * 1000) / HINTS,
  };
}
