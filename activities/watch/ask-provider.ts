import { activityInfo, cancellationSignal, log } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { boundedStatus } from '../../src/domain/bounded-status';
import {
  type JobQuestion,
  type PersistentQuestion,
  UNKNOWN_JOB,
  UNREADABLE_ANSWER,
  type Unanswered,
} from '../../src/domain/job-question';
import type { JobStatus } from '../../src/domain/job-status';
import type { Scope } from '../../src/domain/scope-watch';
import { createEnsureWatch } from '../../src/engine';
import { type Provider, ProviderError } from '../../src/providers/provider';
import { watchingOf } from '../../src/providers/watching-of';
import { isoTime, retryLater, serverTime, withoutStack } from '../attempt-context';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';
import { addToRecord, readRecord } from './question-record';
import { inRequestSpan } from './request-span';
import type { ShortQuestions } from './short-questions';
import { createUnreadableAnswers } from './unreadable-answers';

type Questions = Pick<Activities, 'getJobStatusNow' | 'getJobStatus' | 'getJobStatusOnce'>;

const FIRST_RETRY_MS = 1_000;
const UNCONFIGURED_RETRY_MS = 60_000;

/** The questions of runs to their providers. They only read, so running one twice is harmless. */
export function createQuestions(
  { providers, client, config, count, watchScopes, tracer }: Dependencies,
  shortQuestions: ShortQuestions,
): Questions {
  const ensureWatch = createEnsureWatch(client, config.temporal.taskQueue);
  const unreadableAnswer = createUnreadableAnswers({ client, config, count });

  /** Whoever asks about a job makes sure that it is watched. The caretaker does so, too, where this fails. */
  const watched = async (provider: Provider, { job, context }: JobQuestion) => {
    const watching = watchScopes ? watchingOf(provider) : undefined;
    if (watching?.keyOf(job, context?.identity ?? undefined) === undefined) return;
    await ensureWatch(provider, watching.scopeOf(job)).catch((error: unknown) => {
      log.warn('the scope of a job could not be watched; the caretaker tries again', { job, error });
    });
  };

  const domainOf = ({ provider: name, job }: JobQuestion): Scope => {
    const provider = providers.get(name);
    return { provider: name, scope: (provider && watchingOf(provider)?.scopeOf(job)) ?? '' };
  };

  const ask = async (question: JobQuestion, signal: AbortSignal): Promise<JobStatus> => {
    const { provider: name, job, context, trace } = question;
    const provider = providers.get(name);
    if (!provider) throw new ProviderError('unavailable', `provider ${name} is not in the configuration`);
    await watched(provider, question);
    const attributes = { 'jobherald.provider': name, 'jobherald.job': job };
    try {
      const status = await inRequestSpan(
        tracer,
        { name: `ask ${name}`, parent: trace, attributes },
        async () => boundedStatus(await provider.getJobStatus(job, signal, context)),
        ({ state }) => ({ 'jobherald.state': state }),
      );
      count.providerRequest(name, 'ok');
      return status;
    } catch (error) {
      if (error instanceof ProviderError) {
        count.providerRequest(name, countedAs(error));
        if (error.retryAfterMs)
          shortQuestions.pause(domainOf(question), Math.min(error.retryAfterMs, provider.poll.maxMs));
      }
      throw error;
    }
  };

  return {
    async getJobStatusNow(question) {
      try {
        const domain = domainOf(question);
        return await shortQuestions.ask(domain, cancellationSignal(), (signal) => ask(question, signal));
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        // Never retried by the engine: the run then has it asked until it is answered.
        const maxMs = providers.get(question.provider)?.poll.maxMs ?? UNCONFIGURED_RETRY_MS;
        throw unanswered(error, {
          type: isUnknown(error) ? UNKNOWN_JOB : error.code === 'unreadable' ? UNREADABLE_ANSWER : 'Unanswered',
          nonRetryable: true,
          details: [{ again_in_ms: againIn(error, maxMs) } satisfies Unanswered],
        });
      }
    },

    async getJobStatus(question) {
      const waitMs = question.not_before - serverTime();
      if (waitMs > 0 && activityInfo().attempt === 1) {
        const known = providers.get(question.provider);
        const since = question.not_found_since;
        const end = known && since ? whenLost(known, since + known.poll.lostAfterMs) : '';
        throw later(question.fault + end, waitMs, serverTime());
      }
      const restMs = shortQuestions.pausedMs(domainOf(question));
      if (restMs > 0) throw later(`${question.provider} asked to be left alone`, restMs, serverTime());
      try {
        return await ask(question, cancellationSignal());
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const provider = providers.get(question.provider);
        if (!provider) throw retryLater('ProviderMissing', error.message, UNCONFIGURED_RETRY_MS);
        if (error.code === 'unreadable') {
          const { message, delayMs } = await unreadableAnswer(question, provider, error, pacedMs(provider));
          throw later(message, delayMs, serverTime());
        }
        return lostOrRetry(question, provider, error, count);
      }
    },

    async getJobStatusOnce(question) {
      try {
        return await ask(question, cancellationSignal());
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        // What would be the same answer again is final.
        throw unanswered(error, { type: 'Unanswered', nonRetryable: error.code !== 'unavailable' });
      }
    },
  };
}

/** What the provider asked for counts, up to `poll.max`; a question that was not asked, or cut short, is asked at once. */
function againIn({ retryAfterMs }: ProviderError, maxMs: number): number {
  return retryAfterMs === 0 ? 0 : Math.max(FIRST_RETRY_MS, Math.min(retryAfterMs ?? 0, maxMs));
}

/** 1 s, doubling up to the pace of the sweeps. */
function pacedMs(provider: Provider): number {
  const maxMs = watchingOf(provider)?.sweep.everyMs ?? provider.poll.maxMs;
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(activityInfo().attempt - 1, 20), maxMs);
}

/**
 * Has the question asked again: after 1 s, doubling up to the pace of the sweeps; at `poll.max` where somebody has to mend
 * something first. A job that its provider has not known for `poll.lost_after` is over: its endpoints have to be notified. That time begins
 * when the provider first says so: an outage before counts for nothing.
 */
function lostOrRetry(
  question: PersistentQuestion,
  provider: Provider,
  error: ProviderError,
  count: Dependencies['count'],
): JobStatus {
  const { provider: name, job, known } = question;
  const { poll } = provider;
  const now = serverTime();

  if (isUnknown(error)) {
    const since = question.not_found_since ?? readRecord().not_found_since ?? now;
    const lostAt = since + poll.lostAfterMs;
    if (now >= lostAt) {
      count.providerRequest(name, 'lost');
      return lost(known, provider, error);
    }
    addToRecord({ not_found_since: since });
    throw later(error.message + whenLost(provider, lostAt), Math.min(pacedMs(provider), lostAt - now), now);
  }
  if (error.code === 'permission_denied') {
    log.warn('the provider denies access; asking on', { job, error: error.message });
    throw later(error.message, poll.maxMs, now);
  }
  throw later(error.message, Math.max(pacedMs(provider), Math.min(error.retryAfterMs ?? 0, poll.maxMs)), now);
}

/** What whoever mistyped its name wants to know. */
function whenLost({ name }: Provider, lostAt: number): string {
  return `; unless ${name} knows it by ${isoTime(lostAt)}, it ends as FAILED with reason LOST`;
}

function later(message: string, delayMs: number, now: number): ApplicationFailure {
  return retryLater('Unanswered', `${message}; asking again at ${isoTime(now + delayMs)}`, delayMs);
}

function lost(known: JobStatus, { name, unspecifiedState, poll }: Provider, error: ProviderError): JobStatus {
  return {
    ...known,
    state: 'FAILED',
    provider_state: unspecifiedState,
    reason: 'LOST',
    message: `${name} has not known this job for ${Math.round(poll.lostAfterMs / 1000)} s: ${error.message}`,
  };
}

function isUnknown({ code }: ProviderError): boolean {
  return code === 'not_found' || code === 'invalid_job_name';
}

/** How a question without an answer is counted. */
export function countedAs({ code }: ProviderError): 'not_found' | 'permission_denied' | 'unreadable' | 'unavailable' {
  return code === 'not_found' || code === 'permission_denied' || code === 'unreadable' ? code : 'unavailable';
}

function unanswered(
  { message }: ProviderError,
  options: { readonly type: string; readonly nonRetryable: boolean; readonly details?: unknown[] },
): ApplicationFailure {
  // Benign: the run has the question asked again, and says so.
  return withoutStack(ApplicationFailure.create({ message, category: ApplicationFailureCategory.BENIGN, ...options }));
}
