import { activityInfo, log } from '@temporalio/activity';
import type { PersistentQuestion } from '../../src/domain/job-question';
import { createNotifyOperations } from '../../src/engine';
import type { Provider, ProviderError } from '../../src/providers/provider';
import { isoTime, serverTime } from '../attempt-context';
import type { Dependencies } from '../dependencies';
import { addToRecord, readRecord } from './question-record';

/** So many answers that nobody can read, and for so long: it does not pass, and somebody has to look. */
const TIMES = 3;
const FOR_MS = 30_000;

/** When a question is asked again whose answer could not be read, and what readers of the job see until then. */
export interface AskAgain {
  readonly message: string;
  readonly delayMs: number;
}

/**
 * Counts the answers to a question that nobody can read, over its attempts and those before it, and reports them once: to operations
 * and by a metric. Reporting twice is harmless: it is the same notice.
 */
export function createUnreadableAnswers({ client, config, count }: Pick<Dependencies, 'client' | 'config' | 'count'>) {
  const notifyOperations = createNotifyOperations(client, config);

  /** @param pacedMs when it would be asked again for now */
  return async (
    { provider: name, job, unreadable }: PersistentQuestion,
    { poll }: Provider,
    { message }: ProviderError,
    pacedMs: number,
  ): Promise<AskAgain> => {
    const { workflowExecution } = activityInfo();
    const before = readRecord().unreadable ?? unreadable;
    const now = serverTime();
    const since = before?.since ?? now;
    const times = (before?.times ?? 0) + 1;
    const isLasting = times >= TIMES && now >= since + FOR_MS;
    addToRecord({ unreadable: { since, times, ...((isLasting || before?.reported) && { reported: true }) } });
    if (!isLasting) return { message, delayMs: Math.min(pacedMs, poll.maxMs, Math.max(1_000, since + FOR_MS - now)) };

    if (!before?.reported) {
      count.unreadable(name);
      log.warn('nobody can read what the provider answers; asking on', { job, error: message });
    }
    await notifyOperations({
      type: 'job.unreadable',
      timestamp: isoTime(now),
      distinguishers: [workflowExecution?.workflowId ?? job, since],
      data: { provider: name, job, since: isoTime(since), error: message },
    });
    return {
      message: `nobody can read its answers since ${isoTime(since)} (${times} so far): ${message}`,
      delayMs: poll.maxMs,
    };
  };
}
