import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { createEngine } from '../src/engine';
import { dialClient } from '../src/temporal/dial-client';
import { scriptedProvider } from '../test/support/scripted-provider';
import { startBenchTemporal } from './bench-temporal';
import { startChild } from './rounds/child';
import { ONE, roundConfig, TIMED } from './rounds/round-config';
import { oursTo, wholeRuns } from './rounds/whole-runs';
import type { JobEnded } from './rounds/worker-process';
import { startSink } from './sink-server';
import { spread } from './statistics';

const ROUNDS = 5;
const JOBS = { runs: 100, inFlight: 50 };
/** Far above what there is to reach: what is measured is how fast it can be. */
const MAX_RATE = 1000;
/** Around the end of every job of the emulated provider. */
const SINCE = '2026-01-02T03:59:00Z';
const UNTIL = '2026-01-02T04:01:00Z';

/**
 * How fast the events of many jobs are redelivered, against how fast as many jobs are begun, ended and notified the first
 * time, in turn with it. The time is from the first arrival to the last, so the wait for the visibility index is not in it.
 */
export async function benchRedelivery() {
  const temporal = await startBenchTemporal();
  const { address } = temporal;
  const sink = await startSink();
  const taskQueue = `redelivery-${randomUUID()}`;
  const order = { kind: 'ours', address, taskQueue, sinkUrl: sink.url };
  const worker = await startChild('worker-process', order);
  const end = (job: string) => worker.send({ ended: job } satisfies JobEnded);
  const connection = await dialClient({ address });
  const client = new Client({ connection });
  const config = roundConfig({ address, taskQueue }, sink.url);
  const providers = new Map([['scripted', scriptedProvider()]]);
  const { jobs, redeliveries } = createEngine({ client, config, providers });
  const pids = { server: temporal.pid, worker: worker.pid };

  const redeliverAll = async (): Promise<number> => {
    const before = sink.arrivalsNs.length;
    await redeliveries.start({
      endpoint: TIMED[0] ?? '',
      since: SINCE,
      until: UNTIL,
      max_rate: MAX_RATE,
      idempotency_key: randomUUID(),
    });
    while (sink.arrivalsNs.length < before + JOBS.runs) await sleep(20);
    const arrived = sink.arrivalsNs.slice(before);
    const seconds = Number((arrived.at(-1) ?? 0n) - (arrived[0] ?? 0n)) / 1e9;
    await sleep(1000); // the last runs end
    return (JOBS.runs - 1) / seconds;
  };

  await wholeRuns(client, oursTo(jobs, TIMED, end), pids, JOBS);
  await redeliverAll();
  const rounds: { first: number; again: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const { perSecond } = await wholeRuns(client, oursTo(jobs, ONE, end), pids, JOBS);
    rounds.push({ first: perSecond, again: await redeliverAll() });
  }

  worker.stop();
  sink.stop();
  await connection.close();
  await temporal.stop();
  return {
    deliveries_each: ROUNDS * JOBS.runs,
    redelivered_to_told_first: spread(rounds.map(({ first, again }) => again / first)),
    machine: {
      redelivered_per_second: spread(rounds.map(({ again }) => again)),
      whole_runs_per_second: spread(rounds.map(({ first }) => first)),
    },
  };
}
