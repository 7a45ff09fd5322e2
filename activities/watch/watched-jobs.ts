import type { JobState } from '../../src/domain/job-state';
import type { Progress } from '../../src/domain/job-status';
import type { OpenJob } from '../../src/engine';
import type { ListedJob } from '../../src/providers/watching';

/** A state that differs from what the run knows is hinted this often at most: the run may see otherwise, again and again. */
const SAME_JOB_AGAIN_MS = 60_000;
/** A run that has just been started is about to show what it knows; until then its state in the index says nothing. */
const SETTLING_MS = 5_000;
/** What the visibility index may be behind. */
const INDEX_LAG_MS = 120_000;

/** An open job of the scope, and what the sweeps have found of it. */
export interface WatchedJob extends OpenJob {
  readonly key: string;
  /**
   * listed: the last LIST showed it, or has not been asked yet · hinted: a LIST did not show it, and its run was hinted ·
   * single: its run was asked to look and found it open, so it is asked about by itself.
   */
  found: 'listed' | 'hinted' | 'single';
  /** The state that the run knows, or was hinted last. */
  seenState: JobState | null;
  /** What it was when asked about by itself. */
  progress?: Progress | null;
  warnings?: readonly string[];
  /** Whether the last LIST showed a state that the provider's reader does not know, and whether its run was hinted of it. */
  unknownState: 'none' | 'seen' | 'hinted';
  /** When its run was hinted last, of a monotonic clock; -Infinity for never. */
  hintedAt: number;
  /** When it is asked about by itself, of a monotonic clock. */
  dueAt: number;
}

/** The open jobs of one scope. Kept in memory only: a watch that begins anew reads all of them from visibility. */
export class WatchedJobs {
  readonly #byKey = new Map<string, WatchedJob>();

  /**
   * @param keyOf see Watching.keyOf
   * @param pace after how many ms a job of this age is asked about by itself, ms
   */
  constructor(
    private readonly keyOf: (job: string, watchKey?: string) => string | undefined,
    private readonly pace: (ageMs: number) => number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get size(): number {
    return this.#byKey.size;
  }

  /** Oldest first. */
  all(): WatchedJob[] {
    return [...this.#byKey.values()].sort((a, b) => a.startedAt - b.startedAt);
  }

  get(key: string): WatchedJob | undefined {
    return this.#byKey.get(key);
  }

  /**
   * Takes in what visibility shows.
   * @returns false for a job that cannot be watched yet
   */
  add(open: OpenJob): boolean {
    const key = this.keyOf(open.job, open.watchKey);
    if (key === undefined) return false;
    const known = this.#byKey.get(key);
    if (known?.runId === open.runId) {
      if (open.state !== known.state) Object.assign(known, { state: open.state, seenState: open.state });
      return true;
    }
    const dueAt = this.now() + this.pace(Date.now() - open.startedAt);
    this.#byKey.set(key, {
      ...open,
      key,
      found: 'listed',
      seenState: open.state,
      hintedAt: -Infinity,
      dueAt,
      unknownState: 'none',
    });
    return true;
  }

  drop({ key }: WatchedJob): void {
    this.#byKey.delete(key);
  }

  /** Drops what a whole reading of visibility did not show; what was started just now may be missing from it. */
  keepOnly(runIds: ReadonlySet<string>, readSince: number): void {
    for (const job of this.#byKey.values()) {
      if (!runIds.has(job.runId) && job.startedAt < readSince - INDEX_LAG_MS) this.drop(job);
    }
  }
}

/** Whether the run of a job has had time to show what it knows. */
export function isSettled({ startedAt }: WatchedJob): boolean {
  return Date.now() - startedAt >= SETTLING_MS;
}

/** What a sweep found: jobs that look ended, jobs that moved, and jobs whose run was asked and said that they are open. */
export interface Findings {
  /** Absent, or listed in a terminal state, for the first time. */
  readonly ended: readonly WatchedJob[];
  /** Absent once more after their run was hinted. */
  readonly stillAbsent: readonly WatchedJob[];
  /** Listed in another state than their run knows. */
  readonly moved: readonly { readonly watched: WatchedJob; readonly state: JobState }[];
}

/**
 * Holds the watched jobs against what a LIST showed. Decides nothing about a job: an index that lags, or a job that slipped
 * between two pages, leads to a question to the provider and to nothing else.
 */
export function compare(
  watched: readonly WatchedJob[],
  listed: ReadonlyMap<string, ListedJob['state']>,
  isTerminal: (state: JobState) => boolean,
  now: number,
): Findings {
  const ended: WatchedJob[] = [];
  const stillAbsent: WatchedJob[] = [];
  const moved: { watched: WatchedJob; state: JobState }[] = [];
  for (const job of watched) {
    const state = listed.get(job.key);
    if (state === undefined || isTerminal(state)) {
      if (job.found === 'listed') ended.push(job);
      else if (job.found === 'hinted') stillAbsent.push(job);
      continue;
    }
    job.found = 'listed';
    const isDue = isSettled(job) && now - job.hintedAt >= SAME_JOB_AGAIN_MS;
    if (state !== job.seenState && isDue) moved.push({ watched: job, state });
  }
  return { ended, stillAbsent, moved };
}
