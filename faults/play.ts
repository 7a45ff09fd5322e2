import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedJob } from './plan/job';
import type { PlannedKill } from './plan/kills';
import type { Part } from './stage/part';
import type { PlayTools, System } from './systems/system';

export interface Clock {
  /** Ms since the run's start. */
  now(): number;
  until(sinceStartMs: number): Promise<void>;
}

export function clockFrom(startedAt: number, signal: AbortSignal): Clock {
  const now = () => Date.now() - startedAt;
  return {
    now,
    async until(sinceStartMs) {
      const left = sinceStartMs - now();
      if (left > 0) await sleep(left, undefined, { signal });
    },
  };
}

/** Lets every job live. Resolves when the last has ended, with what went wrong in making it do so. */
export async function playJobs(
  jobs: readonly PlannedJob[],
  systems: readonly System[],
  tools: PlayTools,
): Promise<readonly string[]> {
  const results = await Promise.allSettled(
    jobs.map((job) => {
      const system = systems.find(({ name }) => name === job.system);
      if (system === undefined) throw new Error(`${job.system} is not on the stage`);
      return system.play(job, tools);
    }),
  );
  return results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
}

/** Kills and restarts as planned, each part in its own time. Resolves when all of them are back. */
export async function playKills(
  kills: readonly PlannedKill[],
  parts: readonly Part[],
  clock: Clock,
  say: (line: string) => void,
): Promise<void> {
  const turns = new Map<string, Promise<void>>();
  for (const kill of kills) {
    const part = parts.find(({ name }) => name === kill.victim);
    if (part === undefined) throw new Error(`${kill.victim} is not on the stage`);
    const before = turns.get(kill.victim);
    turns.set(
      kill.victim,
      (async () => {
        await before;
        await clock.until(kill.atMs);
        await part.kill(kill.signal);
        say(`${kill.signal} ${kill.victim}`);
        await sleep(kill.downMs);
        await part.start();
        say(`${kill.victim} is started again`);
      })(),
    );
  }
  await Promise.all(turns.values());
}
