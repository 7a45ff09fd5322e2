import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { createEngine } from '../src/engine';
import { dialClient } from '../src/temporal/dial-client';
import { scriptedProvider } from '../test/support/scripted-provider';
import { startBenchTemporal } from './bench-temporal';
import { startChild } from './rounds/child';
import { ONE, roundConfig, TEN, TIMED } from './rounds/round-config';
import { bareOn, type Cost, inTurn, oursTo, type Way, wholeRuns } from './rounds/whole-runs';
import type { JobEnded } from './rounds/worker-process';
import { startSink } from './sink-server';
import { percentile, pooledRatio, spread } from './statistics';

/** `JOBHERALD_BENCH_ROUNDS=40` measures longer. */
const ROUNDS = Number(process.env['JOBHERALD_BENCH_ROUNDS'] ?? 9);
const WARM_UP_ROUNDS = 1;
/** Whole runs of one kind in a round. */
const ROUND = { runs: Number(process.env['JOBHERALD_BENCH_RUNS'] ?? 200), inFlight: 50 };
/** Jobs of one kind in a round that end one at a time. */
const TIMED_JOBS = 20;

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
  const ours = await startChild('worker-process', { ...order, kind: 'ours', taskQueue: oursQueue });
  const bare = await startChild('worker-process', { ...order, kind: 'bare', taskQueue: bareQueue });
  const connection = await dialClient({ address });
  const client = new Client({ connection });

  const config = roundConfig({ address, taskQueue: oursQueue }, sink.url);
  const { jobs } = createEngine({ client, config, providers: new Map([['scripted', scriptedProvider()]]) });
  const bareWay = bareOn(client, bareQueue);
  const end = (job: string) => ours.send({ ended: job } satisfies JobEnded);
  const kinds = {
    bare: () => wholeRuns(client, bareWay, { server: temporal.pid, worker: bare.pid }, ROUND),
    one: () => wholeRuns(client, oursTo(jobs, ONE, end), { server: temporal.pid, worker: ours.pid }, ROUND),
    ten: () => wholeRuns(client, oursTo(jobs, TEN, end), { server: temporal.pid, worker: ours.pid }, ROUND),
  };
  const latencies = {
    bare: () => timedJobs(client, bareWay, sink.nextArrivalNs),
    ours: () => timedJobs(client, oursTo(jobs, TIMED, end), sink.nextArrivalNs),
  };

  const rounds: Record<keyof typeof kinds, Cost>[] = [];
  const timed: Record<keyof typeof latencies, readonly number[]>[] = [];
  for (let i = 0; i < WARM_UP_ROUNDS + ROUNDS; i++) {
    const costs = await inTurn(kinds, i);
    await sleep(500);
    const latency = await inTurn(latencies, i);
    process.stderr.write(`round ${i + 1} of ${WARM_UP_ROUNDS + ROUNDS}\n`);
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
  const cpuOf = (kind: keyof typeof kinds) => ({
    server: ratio((round) => round[kind].serverMs).median,
    worker: ratio((round) => round[kind].workerMs).median,
    client: ratio((round) => round[kind].clientMs).median,
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
    runs_each: ROUNDS * ROUND.runs,
    in_flight: ROUND.inFlight,
    one_to_bare: costsOf('one', 'bare'),
    ten_to_one: costsOf('ten', 'one'),
    latency_ours_to_bare: { p50: latencyAt(0.5), p99: latencyAt(0.99) },
    machine: {
      bare_cpu_ms: cpuOf('bare'),
      ours_cpu_ms: cpuOf('one'),
      bare_runs_per_second: ratio((round) => round.bare.perSecond),
      ours_runs_per_second: ratio((round) => round.one.perSecond),
      ours_deliveries_per_second_ten_endpoints: ratio((round) => round.ten.perSecond * TEN.length),
      bare_latency_ms: { p50: pooled('bare', 0.5), p99: pooled('bare', 0.99) },
      ours_latency_ms: { p50: pooled('ours', 0.5), p99: pooled('ours', 0.99) },
    },
  };
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
