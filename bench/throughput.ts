import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { createTemporalJobs } from '../src/client/temporal-jobs';
import { dialClient } from '../src/temporal/dial-client';
import { startBenchTemporal } from './bench-temporal';
import { cpuSeconds } from './cpu-time';
import { pooledRatio } from './pooled-ratio';
import { instantProvider } from './rounds/instant-provider';
import { ONE, roundConfig, TEN, TIMED } from './rounds/round-config';
import { startWorker } from './rounds/start-worker';
import { startSink } from './sink-server';
import { percentile, spread } from './spread';

/** `JOBHERALD_BENCH_ROUNDS=40` measures longer. */
const ROUNDS = Number(process.env['JOBHERALD_BENCH_ROUNDS'] ?? 15);
const WARM_UP_ROUNDS = 2;
/** Whole runs of one kind in a round. */
const RUNS = 300;
const IN_FLIGHT = 50;
/** Jobs of one kind in a round that are told one at a time. */
const TIMED_JOBS = 20;

/** A way to have a job that ends told: how it is begun, and how it is said that it may have ended. */
interface Way {
  readonly workflowIdOf: (job: string) => string;
  start(job: string): Promise<unknown>;
  hint(job: string): Promise<unknown>;
}

/**
 * Whole runs of ours against a bare workflow that waits for a signal and POSTs by one activity, on one Temporal server:
 * how many in a second, what they cost in CPU time of server, worker and client, and how soon after the hint the POST
 * arrives when nothing else is going on. Rounds of a bare run, ours with one endpoint and ours with ten take turns.
 */
export async function benchThroughput() {
  const temporal = await startBenchTemporal();
  const sink = await startSink();
  const { address } = temporal;
  const [oursQueue, bareQueue] = [`ours-${randomUUID()}`, `bare-${randomUUID()}`];
  const order = { address, sinkUrl: sink.url };
  const ours = await startWorker({ ...order, kind: 'ours', taskQueue: oursQueue });
  const bare = await startWorker({ ...order, kind: 'bare', taskQueue: bareQueue });
  const connection = await dialClient({ address });
  const client = new Client({ connection });

  const provider = instantProvider();
  const config = roundConfig({ address, taskQueue: oursQueue }, sink.url);
  const jobs = createTemporalJobs({ client, config, providers: new Map([[provider.name, provider]]) });
  const oursTo = (endpoints: readonly string[]): Way => ({
    workflowIdOf: (job) => `${provider.name}/${job}`,
    start: (job) => jobs.submit({ provider: provider.name, job, endpoints: endpoints as [string] }),
    hint: (job) => jobs.complete(provider.name, job, { idempotency_key: job }),
  });
  const bareWay: Way = {
    workflowIdOf: (job) => job,
    start: (job) => client.workflow.start('bare', { workflowId: job, taskQueue: bareQueue, args: [job] }),
    hint: (job) => client.workflow.getHandle(job).signal('completion', { idempotency_key: job }),
  };

  const kinds = {
    bare: () => wholeRuns(client, bareWay, { server: temporal.pid, worker: bare.pid }),
    one: () => wholeRuns(client, oursTo(ONE), { server: temporal.pid, worker: ours.pid }),
    ten: () => wholeRuns(client, oursTo(TEN), { server: temporal.pid, worker: ours.pid }),
  };
  const latencies = {
    bare: () => timedJobs(client, bareWay, sink.nextArrivalNs),
    ours: () => timedJobs(client, oursTo(TIMED), sink.nextArrivalNs),
  };

  const rounds: Record<keyof typeof kinds, Cost>[] = [];
  const timed: Record<keyof typeof latencies, readonly number[]>[] = [];
  for (let i = 0; i < WARM_UP_ROUNDS + ROUNDS; i++) {
    const costs = await inTurn(kinds, i);
    await sleep(500);
    const latency = await inTurn(latencies, i);
    process.stderr.write(`throughput round ${i + 1}: ${JSON.stringify({ costs })}\n`);
    if (i < WARM_UP_ROUNDS) continue;
    rounds.push(costs);
    timed.push(latency);
  }

  await connection.close();
  ours.stop();
  bare.stop();
  sink.stop();
  await temporal.stop();
  const ratio = (of: (round: (typeof rounds)[number]) => number) => spread(rounds.map(of));
  const costsOf = (above: keyof typeof kinds, below: keyof typeof kinds) => ({
    runs_per_second: ratio((round) => round[above].perSecond / round[below].perSecond),
    server_cpu: ratio((round) => round[above].serverMs / round[below].serverMs),
    worker_cpu: ratio((round) => round[above].workerMs / round[below].workerMs),
    client_cpu: ratio((round) => round[above].clientMs / round[below].clientMs),
  });
  const latencyAt = (p: number) =>
    pooledRatio(
      timed,
      (pair) => pair.ours,
      (pair) => pair.bare,
      p,
    );
  const pooled = (kind: keyof typeof latencies, p: number) =>
    percentile(
      timed.flatMap((each) => each[kind]).sort((a, b) => a - b),
      p,
    );
  return {
    runs_each: ROUNDS * RUNS,
    in_flight: IN_FLIGHT,
    one_to_bare: costsOf('one', 'bare'),
    ten_to_one: costsOf('ten', 'one'),
    latency_ours_to_bare: { p50: latencyAt(0.5), p99: latencyAt(0.99) },
    machine: {
      bare_runs_per_second: ratio((round) => round.bare.perSecond),
      ours_runs_per_second: ratio((round) => round.one.perSecond),
      ours_deliveries_per_second_ten_endpoints: ratio((round) => round.ten.perSecond * TEN.length),
      bare_latency_ms: { p50: pooled('bare', 0.5), p99: pooled('bare', 0.99) },
      ours_latency_ms: { p50: pooled('ours', 0.5), p99: pooled('ours', 0.99) },
    },
  };
}

/** Each kind once, another one first each time. */
async function inTurn<Kind extends string, T>(kinds: Record<Kind, () => Promise<T>>, turn: number) {
  const names = Object.keys(kinds) as Kind[];
  const results = {} as Record<Kind, T>;
  for (let i = 0; i < names.length; i++) {
    const name = names[(i + turn) % names.length] as Kind;
    results[name] = await kinds[name]();
  }
  return results;
}

interface Cost {
  readonly perSecond: number;
  /** CPU time for one run, ms. */
  readonly serverMs: number;
  readonly workerMs: number;
  readonly clientMs: number;
}

/**
 * Starts jobs and ends them, so many at once. One that ends was begun one turn before, as a job takes its time: its
 * hint never overtakes the first task of its run.
 */
async function wholeRuns(client: Client, way: Way, pids: { server: number; worker: number }): Promise<Cost> {
  const pidList = [pids.server, pids.worker, process.pid];
  const before = pidList.map(cpuSeconds);
  const began = performance.now();
  let left = RUNS;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      let open = await begin(way);
      while (left-- > 0) {
        const next = left >= IN_FLIGHT ? await begin(way) : undefined;
        await way.hint(open);
        await client.workflow.getHandle(way.workflowIdOf(open)).result();
        if (next === undefined) return;
        open = next;
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const [serverMs = 0, workerMs = 0, clientMs = 0] = pidList.map(
    (pid, i) => ((cpuSeconds(pid) - (before[i] ?? 0)) * 1000) / RUNS,
  );
  return { perSecond: RUNS / seconds, serverMs, workerMs, clientMs };
}

async function begin(way: Way): Promise<string> {
  const job = randomUUID();
  await way.start(job);
  return job;
}

/** From the hint to the arrival of the POST, ms, one job after another. */
async function timedJobs(client: Client, way: Way, nextArrivalNs: () => Promise<bigint>): Promise<readonly number[]> {
  const took: number[] = [];
  for (let i = 0; i < TIMED_JOBS; i++) {
    const job = `timed-${randomUUID()}`;
    await way.start(job);
    await sleep(50); // the run has done its first task, and nothing goes on
    const arrival = nextArrivalNs();
    const hintedNs = process.hrtime.bigint();
    await way.hint(job);
    took.push(Number((await arrival) - hintedNs) / 1e6);
    await client.workflow.getHandle(way.workflowIdOf(job)).result();
  }
  return took;
}
