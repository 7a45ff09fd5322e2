import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Jobs } from '../../src/engine';
import { cpuSeconds } from '../cpu-time';

/** A way to notify of the end of a job: how its run is started, and how the hint is sent. */
export interface Way {
  readonly workflowIdOf: (job: string) => string;
  start(job: string): Promise<unknown>;
  hint(job: string): Promise<unknown>;
}

/** @param end has the job end for its provider, before anybody hints at it */
export function oursTo(jobs: Jobs, endpoints: readonly string[], end: (job: string) => void): Way {
  return {
    workflowIdOf: (job) => `scripted/${job}`,
    start: (job) => jobs.submit({ provider: 'scripted', job, endpoints: endpoints as [string] }),
    hint: (job) => {
      end(job);
      return jobs.complete('scripted', job, { idempotency_key: job });
    },
  };
}

export function bareOn(client: Client, taskQueue: string): Way {
  return {
    workflowIdOf: (job) => job,
    start: (job) => client.workflow.start('bare', { workflowId: job, taskQueue, args: [job] }),
    hint: (job) => client.workflow.getHandle(job).signal('completion', { idempotency_key: job }),
  };
}

export interface Cost {
  readonly perSecond: number;
  /** CPU time for one run, ms. */
  readonly serverMs: number;
  readonly workerMs: number;
  readonly clientMs: number;
}

/**
 * Starts jobs and ends them, so many at once. One that ends was begun one turn before, as a job takes its time: its
 * hint does not overtake the first task of its run.
 */
export async function wholeRuns(
  client: Client,
  way: Way,
  pids: { readonly server: number; readonly worker: number },
  { runs, inFlight }: { readonly runs: number; readonly inFlight: number },
): Promise<Cost> {
  const pidList = [pids.server, pids.worker, process.pid];
  const before = pidList.map(cpuSeconds);
  const began = performance.now();
  let left = runs;
  const begin = async () => {
    const job = randomUUID();
    await way.start(job);
    return job;
  };
  const turns = async () => {
    let open = await begin();
    while (left-- > 0) {
      const next = left >= inFlight ? await begin() : undefined;
      await way.hint(open);
      await client.workflow.getHandle(way.workflowIdOf(open)).result();
      if (next === undefined) return;
      open = next;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, turns));
  const seconds = (performance.now() - began) / 1000;
  const [serverMs = 0, workerMs = 0, clientMs = 0] = pidList.map(
    (pid, i) => ((cpuSeconds(pid) - (before[i] ?? 0)) * 1000) / runs,
  );
  return { perSecond: runs / seconds, serverMs, workerMs, clientMs };
}

/** Does each of some things once, another one first each time: the second finds the garbage of the first. */
export async function inTurn<Kind extends string, T>(
  things: Readonly<Record<Kind, () => Promise<T>>>,
  turn: number,
): Promise<Record<Kind, T>> {
  const names = Object.keys(things) as Kind[];
  const results = {} as Record<Kind, T>;
  for (let i = 0; i < names.length; i++) {
    const name = names[(i + turn) % names.length] as Kind;
    results[name] = await things[name]();
  }
  return results;
}
