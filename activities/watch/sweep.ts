import { log } from '@temporalio/activity';
import type { TokenBucket } from '../../src/async/token-bucket';
import { isTerminal, type JobState } from '../../src/domain/job-state';
import { nextPollDelay } from '../../src/domain/poll-pace';
import type { Scope } from '../../src/domain/scope-watch';
import { isWithin, lookAtJob, runKnowsEnd } from '../../src/engine';
import { ListError, type Provider, ProviderError } from '../../src/providers/provider';
import type { ListedJob, Watching } from '../../src/providers/watching';
import type { Dependencies } from '../dependencies';
import { countedAs } from './ask-provider';
import { createOpenJobsReader } from './open-jobs-reader';
import { inRequestSpan } from './request-span';
import { compare, isSettled, type WatchedJob, WatchedJobs } from './watched-jobs';

const MINUTE = 60_000;
/** A LIST that is denied, or that there is none of, is tried again this often. */
const LIST_AGAIN_MS = 10 * MINUTE;
/** After so many lists in a row that nobody can read there is none. */
const UNREADABLE_LISTS = 3;
/**
 * A LIST that goes on for longer is broken off: what it has shown is acted on, and all other jobs are asked about one by one. Well within
 * the time of the activity, and more than a scope with hundreds of thousands of jobs needs with the default budget.
 */
const MAX_LIST_MS = 15 * MINUTE;
const MAX_LIST_PAGES = 10_000;
/** How long a run that was hinted has to look. */
const LOOKING_MS = 5_000;
/** Hints sent side by side. */
const HINTS_AT_ONCE = 10;

export interface SweepOptions extends Pick<Dependencies, 'client' | 'config' | 'count' | 'tracer'> {
  readonly scope: Scope;
  readonly provider: Provider;
  readonly watching: Watching;
  /** What the scope may cost: each request takes a token, and so does each hint. */
  readonly budget: TokenBucket;
  /** The provider asked to be left alone. */
  readonly pause: (ms: number) => void;
  /** Throws where this attempt of the activity is not the current one any more. */
  readonly stillCurrent: () => Promise<void>;
  /** Starts the run of a job that nobody submitted. */
  readonly track: (job: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Jobs that nobody submitted are tracked, too. */
export interface Tracking {
  /** Those created at this time or later, epoch ms. */
  readonly since: number;
  /** Until when what was created has been listed already; null for nothing. */
  readonly listedUntil: number | null;
}

export interface Sweep {
  /**
   * One pass over the scope.
   * @returns whether everything was listed that is to be tracked; false where nothing is
   */
  run(tracking: Tracking | null): Promise<boolean>;
  /** How many jobs are watched. */
  openJobs(): number;
  /** Why jobs are not listed that should be, and since when, epoch ms; null where they are. */
  listFault(): { readonly since: number; readonly message: string } | null;
  /** How they are asked about. */
  by(): 'list' | 'batches' | 'single questions';
  /** When there is something to do before the next sweep: a job asked about by itself; of a monotonic clock. */
  nextDueAt(): number;
  /** Asks about the jobs that are due by themselves. */
  askSingles(): Promise<void>;
}

/** The sweeps of one attempt of the watch activity, with what they remember of the scope. */
export function createSweep(options: SweepOptions): Sweep {
  const { client, config, count, tracer, scope, provider, watching, budget, pause, stillCurrent, track, signal } =
    options;
  const { name } = provider;
  const attributes = { 'jobherald.provider': name, 'jobherald.scope': scope.scope };
  const pace = (ageMs: number) => nextPollDelay(provider.poll, Math.max(0, ageMs));
  const watched = new WatchedJobs((job, watchKey) => watching.keyOf(job, watchKey), pace);
  // By the configuration of now: the watch may have begun when more was tracked.
  const tracked = provider.track.auto ? watching.tracked.scopes.filter((each) => isWithin(each, scope.scope)) : [];
  const reader = createOpenJobsReader(client, {
    taskQueue: config.temporal.taskQueue,
    idPrefix: `${name}/${watching.namePrefix(scope.scope)}`,
  });
  const begun = new Set<string>();
  /** What the names of jobs begin with that cannot be listed; until when that is believed. */
  let unlisted: readonly string[] = watching.list || watching.batch ? [] : [''];
  let listAgainAt = -Infinity;
  let listFault: ReturnType<Sweep['listFault']> = null;
  let unreadableLists = 0;

  const by = (): ReturnType<Sweep['by']> => {
    if (unlisted.includes('')) return 'single questions';
    return watching.batch ? 'batches' : 'list';
  };

  /** Reads from visibility what is open. */
  const readOpenJobs = async () => {
    const runIds = new Set<string>();
    const { isFull, beganAt } = await reader.read((job) => {
      signal.throwIfAborted();
      if (watching.scopeOf(job.job) !== scope.scope) return true;
      runIds.add(job.runId);
      return watched.add(job);
    });
    if (isFull) watched.keepOnly(runIds, beganAt);
  };

  const noteListFault = (message: string) => {
    listFault = { since: Date.now(), message };
    log.warn('jobs cannot be listed; they are asked about one by one', { ...scope, error: message });
  };

  const isListable = (trackedScope: string) => !unlisted.some((prefix) => `${trackedScope}/`.startsWith(prefix));
  const isUnlisted = ({ job }: WatchedJob) => unlisted.some((prefix) => job.startsWith(prefix));
  const singles = () => watched.all().filter((job) => job.found === 'single' || isUnlisted(job));

  /**
   * Each request of a LIST is paid for before it is made.
   * @returns how many pages were read, and whether the last was one of them
   */
  const listJobs = async (tracking: Tracking | null, seen: Map<string, JobState>) => {
    const jobs = watched.all().filter((job) => !isUnlisted(job));
    const listable = tracked.filter(isListable);
    const since = listable.length > 0 && tracking ? Math.max(tracking.since, tracking.listedUntil ?? 0) : undefined;
    if (jobs.length === 0 && since === undefined) return { pages: 0, isWhole: true };
    const pages = watching.list?.({
      scope: scope.scope,
      jobs: jobs.map(({ job }) => job),
      tracked: listable,
      ...(since !== undefined && { createdSince: since }),
      ...(jobs[0] && { oldest: jobs[0].startedAt }),
      signal,
    });
    const about = { name: `list ${name}`, attributes };
    const walk = async () => {
      const endsAt = performance.now() + MAX_LIST_MS;
      for (let read = { pages: 0, jobs: 0 }; ; ) {
        if (read.pages >= MAX_LIST_PAGES || performance.now() >= endsAt) {
          await pages?.return();
          return { ...read, isWhole: false };
        }
        await stillCurrent();
        await budget.take(signal);
        const page = await pages?.next();
        if (!page || page.done) {
          budget.refund(); // the end of a list is no request
          return { ...read, isWhole: true };
        }
        count.providerRequest(name, 'ok');
        for (const listed of page.value) await takeListed(listed, tracking, seen);
        read = { pages: read.pages + 1, jobs: read.jobs + page.value.length };
      }
    };
    return await inRequestSpan(tracer, about, walk, (read) => ({
      'jobherald.pages': read.pages,
      'jobherald.jobs': read.jobs,
    }));
  };

  const see = ({ key, state, isUnknown = false }: ListedJob, seen: Map<string, JobState>) => {
    seen.set(key, state);
    const job = watched.get(key);
    if (job && (!isUnknown || job.unknownState === 'none')) job.unknownState = isUnknown ? 'seen' : 'none';
  };

  const takeListed = async (listed: ListedJob, tracking: Tracking | null, seen: Map<string, JobState>) => {
    if (watched.get(listed.key)) see(listed, seen);
    else if (tracking && isTracked(listed, tracking) && !begun.has(listed.key)) {
      await budget.take(signal);
      await track(listed.job);
      begun.add(listed.key);
    }
  };

  const isTracked = ({ job, state, created_at, ended_at }: ListedJob, { since, listedUntil }: Tracking): boolean => {
    // A LIST shows what is watched, too, perhaps of kinds that are not tracked.
    if (!tracked.some((each) => job.startsWith(watching.namePrefix(each)))) return false;
    const created = Date.parse(created_at ?? '');
    if (created < since) return false;
    if (!isTerminal(state)) return true;
    // What was created before that was seen when it was open, or had just ended.
    if (created < (listedUntil ?? 0)) return false;
    // What Temporal may have forgotten must not be notified again. Where a list does not say when a job ended, its creation counts.
    const forgottenBefore = Date.now() - (config.temporal.retentionMs - 24 * 60 * MINUTE);
    return Date.parse(ended_at ?? created_at ?? '') >= forgottenBefore;
  };

  /** Has the run look, because the job seems to have changed. */
  const hint = async (job: WatchedJob) => {
    await budget.take(signal);
    job.hintedAt = performance.now();
    if (!(await lookAtJob(client, job.workflowId))) watched.drop(job);
  };
  const hintAll = async (jobs: readonly WatchedJob[]) => {
    for (let i = 0; i < jobs.length; i += HINTS_AT_ONCE) {
      await stillCurrent();
      await Promise.all(jobs.slice(i, i + HINTS_AT_ONCE).map(hint));
    }
  };

  /** @param jobs those that would have been seen if they were open */
  const act = async (jobs: readonly WatchedJob[], seen: ReadonlyMap<string, JobState>) => {
    const { ended, stillAbsent, moved } = compare(jobs, seen, isTerminal, performance.now());
    for (const job of ended) job.found = 'hinted';
    await hintAll(ended);
    for (const job of stillAbsent) {
      if (await runKnowsEnd(client, job)) {
        watched.drop(job);
      } else {
        job.found = 'single';
        job.dueAt = performance.now() + pace(Date.now() - job.startedAt);
      }
    }
    for (const { watched: job, state } of moved) job.seenState = state;
    await hintAll(moved.map(({ watched: job }) => job));
    // Its run shows it to whoever reads the job: an unknown state may be an end that the configuration does not name.
    const puzzling = jobs.filter((job) => job.unknownState === 'seen' && isSettled(job));
    for (const job of puzzling) job.unknownState = 'hinted';
    await hintAll(puzzling);
  };

  const askInBatches = async ({ size, ask }: NonNullable<Watching['batch']>, seen: Map<string, JobState>) => {
    const jobs = watched.all().filter((job) => !seen.has(job.key));
    for (let i = 0; i < jobs.length; i += size) {
      await stillCurrent();
      await budget.take(signal);
      const batch = jobs.slice(i, i + size).map(({ job }) => job);
      const answers = await inRequestSpan(
        tracer,
        { name: `ask ${name}`, attributes: { ...attributes, 'jobherald.jobs': batch.length } },
        () => ask(scope.scope, batch, signal),
        () => ({}),
      );
      count.providerRequest(name, 'ok');
      for (const answer of answers) see(answer, seen);
    }
  };

  /**
   * Asks about many jobs at once, where the provider lets us; what it does not show is asked about one by one.
   * @returns whether all was listed that can be
   */
  const sweep = async (tracking: Tracking | null): Promise<boolean> => {
    const seen = new Map<string, JobState>();
    const isTriedAgain = performance.now() >= listAgainAt;
    if (isTriedAgain) {
      unlisted = [];
      listFault = null;
    }
    const begunBefore = begun.size;
    const isListed = !watching.batch || (tracking !== null && listFault === null);
    let isWhole = isListed;
    try {
      if (isListed) {
        const list = await listJobs(tracking, seen);
        isWhole = list.isWhole;
        if (!isWhole) {
          noteListFault(`the list has not ended after ${list.pages} pages`);
          // One that is so long because there is much to be tracked is gone on with at once.
          listAgainAt = performance.now() + (begun.size > begunBefore ? 0 : LIST_AGAIN_MS);
        }
      }
      if (watching.batch) await askInBatches(watching.batch, seen);
      unreadableLists = 0;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      unreadableLists = error.code === 'unreadable' ? unreadableLists + 1 : 0;
      const isDenied = error.code === 'permission_denied' || error.code === 'unsupported';
      // One that nobody can read may be a proxy's page, which passes.
      if (!isDenied && unreadableLists < UNREADABLE_LISTS) throw error;
      unlisted = error instanceof ListError ? error.notListed : [''];
      if (isTriedAgain) {
        listAgainAt = performance.now() + LIST_AGAIN_MS;
        noteListFault(error.message);
      }
    }
    // Of a LIST that was broken off only what it has shown says something.
    const isBrokenOff = !isWhole && !watching.batch;
    const jobs = watched.all().filter((job) => (isBrokenOff ? seen.has(job.key) : !isUnlisted(job)));
    if (isBrokenOff) unlisted = [''];
    await act(jobs, seen);
    return isWhole;
  };

  const askSingle = async (job: WatchedJob) => {
    job.dueAt = performance.now() + pace(Date.now() - job.startedAt);
    if (job.found === 'hinted') {
      if (performance.now() - job.hintedAt < LOOKING_MS) return; // its run is looking
      if (await runKnowsEnd(client, job)) return watched.drop(job);
    }
    await budget.take(signal);
    try {
      const context = job.watchKey === undefined ? undefined : { origin: null, identity: job.watchKey };
      const {
        state,
        progress,
        warnings = [],
      } = await inRequestSpan(
        tracer,
        { name: `ask ${name}`, attributes: { ...attributes, 'jobherald.job': job.job } },
        () => provider.getJobStatus(job.job, signal, context),
        (status) => ({ 'jobherald.state': status.state }),
      );
      const isNews =
        JSON.stringify(progress) !== JSON.stringify(job.progress ?? null) ||
        JSON.stringify(warnings) !== JSON.stringify(job.warnings ?? []);
      count.providerRequest(name, 'ok');
      if (isTerminal(state)) job.found = 'hinted';
      else if ((state === job.seenState && !isNews) || !isSettled(job)) return;
      job.seenState = state;
      job.progress = progress;
      job.warnings = warnings;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      count.providerRequest(name, countedAs(error));
      if (error.retryAfterMs) pause(error.retryAfterMs);
      // Only the run counts how long a job is unknown, or nobody can read what is answered about it.
      const isForRun = error.code === 'not_found' || error.code === 'unreadable';
      if (!isForRun || performance.now() - job.hintedAt < MINUTE) return;
    }
    await hint(job);
  };

  return {
    async run(order) {
      const tracking = tracked.length > 0 ? order : null;
      await stillCurrent();
      await readOpenJobs();
      if (watched.size === 0 && tracking === null) return false;
      const hasManyAtOnce = watching.list !== undefined || watching.batch !== undefined;
      const isSwept = hasManyAtOnce && (by() !== 'single questions' || performance.now() >= listAgainAt);
      const isWhole = isSwept && (await sweep(tracking));
      return tracking !== null && isWhole && tracked.every(isListable);
    },
    openJobs: () => watched.size,
    listFault: () => listFault,
    by,
    nextDueAt: () => singles().reduce((due, job) => Math.min(due, job.dueAt), Infinity),
    async askSingles() {
      const due = singles()
        .filter(({ dueAt }) => dueAt <= performance.now())
        .sort((a, b) => a.dueAt - b.dueAt);
      for (const [i, job] of due.entries()) {
        if (i % HINTS_AT_ONCE === 0) await stillCurrent();
        await askSingle(job);
      }
    },
  };
}
