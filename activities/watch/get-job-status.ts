import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { isTerminal } from '../../src/domain/job-state';
import type { JobStatus } from '../../src/domain/job-status';
import { nextPollDelay } from '../../src/domain/poll-pace';
import type { StatusWatch, WatchProgress } from '../../src/domain/status-watch';
import { pendingActivities } from '../../src/engine';
import { type Provider, ProviderError } from '../../src/providers/provider';
import { isoTime, retryLater, serverTime, startHeartbeat } from '../attempt-context';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';
import { countedAs } from './ask-provider';

const NOT_ENDED = 'NotEnded';
/** How soon a worker that does not know the provider looks again whether it has been configured. */
const UNCONFIGURED_RETRY_MS = 60_000;
/** Of the progress as JSON, in characters. */
const MAX_IN_FAILURE = 1024;

/**
 * The fallback poll. Reads only, so running it twice is harmless.
 * What an attempt has seen goes into the heartbeat details, where the next attempt, `GET /v1/jobs/…` and the Web UI
 * find it; the failure's message says the same to an operator in words. The first attempt is made for every job, and most
 * see what they expect: that goes with the failure, which saves a request for each job.
 */
export function createGetJobStatus({ providers, client, count }: Dependencies): Activities['getJobStatus'] {
  return async (watch) => {
    const { attempt, workflowExecution } = activityInfo();
    const provider = providers.get(watch.provider);
    if (!provider) {
      log.warn('no such provider in this configuration; looking again in a minute', { provider: watch.provider });
      throw retryLater(
        'ProviderMissing',
        `provider ${watch.provider} is not in the configuration`,
        UNCONFIGURED_RETRY_MS,
      );
    }
    if (attempt === 1 && !watch.ask_at_once) {
      const progress = { ...seenBefore(watch), status: watch.known };
      throw askAgain(provider, progress, 'asked a moment ago', record(progress));
    }
    const run = attempt > 1 && workflowExecution ? await lookAtRun(client, workflowExecution) : undefined;
    if (run?.knowsEnd) return null;

    const before = seenBefore(watch, run?.recorded);
    const askedAt = serverTime();
    const isFirst = watch.ask_at_once && before.asked_at === null;
    // The first answer may take long, to dial for one: the pace begins with it, so that the next is not sooner than `first`.
    const asked = () => ({ ...before, asked_at: askedAt, ...(isFirst && { pace_since: serverTime() }) });
    const stopHeartbeat = startHeartbeat(before);
    try {
      const status = await provider.getJobStatus(watch.job, cancellationSignal(), watch.context);
      count.providerRequest(watch.provider, 'ok');
      if (isNews(status, watch)) return { status, at_once: attempt === 1 };
      const seen = { ...asked(), status, not_found_since: null, error: null };
      throw askAgain(provider, seen, describeStatus(status), record(seen, stopHeartbeat()));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { status: whenUnanswered(provider, watch, asked(), error, count), at_once: false };
    } finally {
      stopHeartbeat();
    }
  };
}

function whenUnanswered(
  provider: Provider,
  watch: StatusWatch,
  asked: WatchProgress,
  error: ProviderError,
  count: Dependencies['count'],
): JobStatus {
  const isUnknown = error.code === 'not_found' || error.code === 'invalid_job_name';
  if (!isUnknown) {
    count.providerRequest(watch.provider, countedAs(error));
    if (error.code === 'permission_denied') {
      log.warn('the provider denies access to the job; asking on', { job: watch.job, error: error.message });
    }
    const progress = { ...asked, not_found_since: null, error: error.message };
    throw askAgain(provider, progress, error.message, record(progress), { restMs: error.retryAfterMs });
  }

  const now = serverTime();
  const since = asked.not_found_since ?? now;
  const lostAt = since + provider.poll.lostAfterMs;
  if (now >= lostAt) {
    count.providerRequest(watch.provider, 'lost');
    return lost(provider, watch, error);
  }
  count.providerRequest(watch.provider, 'not_found');
  const progress = { ...asked, not_found_since: since, error: error.message };
  throw askAgain(provider, progress, error.message, record(progress), { notAfter: lostAt });
}

/** The end of a job that its provider has not known for `poll.lost_after`: its endpoints have to be notified. */
function lost(provider: Provider, watch: StatusWatch, error: ProviderError): JobStatus {
  return {
    ...watch.known,
    state: 'FAILED',
    provider_state: provider.unspecifiedState,
    reason: 'LOST',
    message: `${watch.provider} has not known this job for ${Math.round(provider.poll.lostAfterMs / 1000)} s: ${error.message}`,
  };
}

function seenBefore(watch: StatusWatch, recorded?: unknown): WatchProgress {
  const { heartbeatDetails, scheduledTimestampMs } = activityInfo();
  return (
    ((heartbeatDetails ?? recorded) as WatchProgress | undefined) ?? {
      status: watch.ask_at_once ? null : watch.known,
      pace_since: watch.pace_since ?? scheduledTimestampMs,
      asked_at: null,
      not_found_since: null,
      error: null,
    }
  );
}

/** Whether the run has to know now: the job has ended, or an endpoint is subscribed to what has changed. */
function isNews(status: JobStatus, { known, wants_running, wants_progress }: StatusWatch): boolean {
  if (isTerminal(status.state)) return true;
  if (wants_running && status.state === 'RUNNING' && known.state !== 'RUNNING') return true;
  return (
    wants_progress && status.progress !== null && JSON.stringify(status.progress) !== JSON.stringify(known.progress)
  );
}

interface Due {
  /** How long the provider wants not to be asked; believed up to `poll.max`. */
  readonly restMs?: number | undefined;
  /** Epoch ms. */
  readonly notAfter?: number;
}

/**
 * Keeps what was seen for the next attempt and for readers: in a heartbeat, or with the failure, where that holds it. A failure is
 * forgotten with the next one, so it may hold what the next attempt will see again, but not since when a job is unknown;
 * Temporal cuts one that is larger than a few KiB; and readers look at heartbeats first.
 * @returns what the failure has to say
 */
function record(progress: WatchProgress, { wasSent } = { wasSent: false }): readonly WatchProgress[] {
  const isSmall = progress.error === null && JSON.stringify(progress).length < MAX_IN_FAILURE;
  if (isSmall && !wasSent && activityInfo().attempt === 1) return [progress];
  heartbeat(progress);
  return [];
}

/** Has the next attempt made when the pace says so, within what is {@link Due}. */
function askAgain(
  { poll }: Provider,
  { pace_since }: WatchProgress,
  saw: string,
  details: readonly WatchProgress[],
  { restMs = 0, notAfter = Number.POSITIVE_INFINITY }: Due = {},
): ApplicationFailure {
  const now = serverTime();
  const delay = Math.max(nextPollDelay(poll, now - pace_since), Math.min(restMs, poll.maxMs));
  const due = Math.min(now + delay, notAfter);
  return retryLater(NOT_ENDED, `${saw}; asking again at ${isoTime(due)}`, due - now, details);
}

function describeStatus({ state, provider_state }: JobStatus): string {
  return `the job is ${state} (${provider_state})`;
}

interface SeenFromOutside {
  /** Whether the run knows the end of its job by another way: then there is nothing left to poll for. */
  readonly knowsEnd: boolean;
  /** What earlier attempts of this activity have recorded. */
  readonly recorded: unknown;
}

/**
 * What Temporal knows of the activity's own run. Asked once for each attempt, so that noticing the end costs the run no
 * event for a cancellation.
 */
async function lookAtRun(client: Client, run: { workflowId: string; runId: string }): Promise<SeenFromOutside> {
  try {
    const description = await client.workflow.getHandle(run.workflowId, run.runId).describe();
    const { memo, status } = description;
    const pending = await pendingActivities(client, description);
    return {
      knowsEnd: status.name !== 'RUNNING' || memo?.['ended'] !== undefined,
      recorded: pending.find(({ id }) => id === activityInfo().activityId)?.details,
    };
  } catch {
    // Temporal does not answer just now: one question too many to the provider is the lesser evil.
    return { knowsEnd: false, recorded: undefined };
  }
}
