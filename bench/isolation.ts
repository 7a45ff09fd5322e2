import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RealRun, startRealRun } from '../test/support/real-run';
import { SUCCEEDED } from '../test/support/scripted-provider';
import { startBenchTemporal } from './bench-temporal';
import { percentile, pooledRatio, spread } from './statistics';

/** Pairs of a healthy and a faulty round, turn about. */
const PAIRS = 8;
const JOBS = 30;
const EVERY_MS = 300;
const MEASURED = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8'];
const HEALTHY = ['h9', 'h10'];
const FAULTY = ['hangs', 'refuses'];

/**
 * Ten endpoints, one of which hangs and one of which refuses connections: what the other eight feel of it. A round is
 * 240 deliveries to the eight; p99 is that of all rounds together, as a few in one round say nothing about it.
 */
export async function benchIsolation() {
  const temporal = await startBenchTemporal();
  const clock = arrivalClock();
  const receivers = await Promise.all([...MEASURED, ...HEALTHY].map((name) => startReceiver(name, clock.arrived)));
  const hangs = createServer(() => undefined);
  const url = (port: number) => `http://127.0.0.1:${port}/hook`;
  const run = await startRealRun({
    endpoints: [
      ...[...MEASURED, ...HEALTHY].map((name, i) => ({ name, url: url(receivers[i] ?? 0) })),
      { name: 'hangs', url: url(await listen(hangs)) },
      { name: 'refuses', url: url(1) },
    ],
  });
  run.provider.says(SUCCEEDED);

  const round = async (others: readonly string[]): Promise<readonly number[]> => {
    const jobs = Array.from({ length: JOBS }, () => randomUUID());
    const arrivals = clock.of(jobs);
    for (const job of jobs) {
      clock.submitted(job);
      void run.jobs.submit({ provider: 'scripted', job, endpoints: [...MEASURED, ...others] });
      await sleep(EVERY_MS);
    }
    while (arrivals().length < JOBS * MEASURED.length) await sleep(50);
    await endAll(run, jobs);
    // What a faulty round leaves behind must not be felt in the healthy one after it.
    while ((await connectionsOf(hangs)) > 0) await sleep(50);
    return arrivals();
  };

  await round(HEALTHY);
  await round(FAULTY);
  const pairs: { healthy: readonly number[]; faulty: readonly number[] }[] = [];
  for (let i = 0; i < PAIRS; i++) {
    if (i % 2 === 0) pairs.push({ healthy: await round(HEALTHY), faulty: await round(FAULTY) });
    else pairs.push(await round(FAULTY).then(async (faulty) => ({ healthy: await round(HEALTHY), faulty })));
  }
  await run.stop();
  await temporal.stop();
  const ratioAt = (p: number) =>
    pooledRatio(
      pairs,
      ({ faulty }) => faulty,
      ({ healthy }) => healthy,
      p,
    );
  return {
    deliveries_each: PAIRS * JOBS * MEASURED.length,
    healthy_p99_ms: spread(pairs.map(({ healthy }) => p99(healthy))),
    faulty_p99_ms: spread(pairs.map(({ faulty }) => p99(faulty))),
    paired_ratio_p99: spread(pairs.map(({ healthy, faulty }) => p99(faulty) / p99(healthy))),
    pooled_ratio_p50: ratioAt(0.5),
    pooled_ratio_p99: ratioAt(0.99),
  };
}

const p99 = (samples: readonly number[]) =>
  percentile(
    [...samples].sort((a, b) => a - b),
    0.99,
  );

/** Times from submission to arrival, in ms. */
function arrivalClock() {
  const submittedAt = new Map<string, number>();
  const took = new Map<string, number[]>();
  return {
    submitted(job: string): void {
      submittedAt.set(job, performance.now());
      took.set(job, []);
    },
    arrived(endpoint: string, job: string): void {
      if (MEASURED.includes(endpoint)) took.get(job)?.push(performance.now() - (submittedAt.get(job) ?? 0));
    },
    of: (jobs: readonly string[]) => () => jobs.flatMap((job) => took.get(job) ?? []),
  };
}

async function endAll({ client }: RealRun, jobs: readonly string[]): Promise<void> {
  for (const job of jobs) {
    const handle = client.workflow.getHandle(`scripted/${job}`);
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') await handle.terminate('the round is over');
  }
}

function startReceiver(name: string, arrived: (endpoint: string, job: string) => void): Promise<number> {
  return listen(
    createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(204).end();
      const { data } = JSON.parse(body) as { data: { job: string } };
      arrived(name, data.job);
    }),
  );
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
