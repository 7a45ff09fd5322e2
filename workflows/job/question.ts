import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import type { CompletedBy } from '../../src/domain/job-run';
import { questionsQueue } from '../../src/domain/scope-watch';
import type { NotAnswered } from './ask';
import { inBackground } from './in-background';
import { isOpen, nextSafetyTime, questionOf, type Run } from './run';

/** How long a persistent question is left alone before a new hint has it asked at once again. */
const RENEWED_AFTER_MS = 10_000;

/**
 * Has the provider asked until it answers, by a regular activity that retries by itself: 1 s, doubling. Its answer is in
 * `run.answer` then. A later hint has it begin anew, unless it has just begun.
 */
export function askUntilAnswered(run: Run, by: CompletedBy, before: NotAnswered): void {
  const now = Date.now();
  if (run.persistent && now - run.persistent.since < RENEWED_AFTER_MS) return;
  // An unknown job is counted by the question that is under way: hints must not postpone its end.
  if (run.persistent && run.state.notFoundSince !== null) return;
  stopAsking(run);
  const scope = new CancellationScope();
  run.persistent = { by, since: now, scope };
  inBackground(ask(run, by, scope, before));
}

async function ask(run: Run, by: CompletedBy, scope: CancellationScope, before: NotAnswered): Promise<void> {
  const { provider } = run.input;
  const question = {
    ...questionOf(run),
    known: run.state.status,
    not_found_since: run.state.notFoundSince,
    unreadable: run.state.unreadable,
    not_before: before.againAt,
    fault: before.fault,
  };
  const { getJobStatus } = proxyActivities<Activities>({
    taskQueue: questionsQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '30 seconds',
    // The activity names the time of its next attempt itself; this is what a crash costs.
    retry: { initialInterval: '1 second', backoffCoefficient: 1 },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  });
  try {
    const summary = `asks ${provider} until it answers`;
    const status = await scope.run(() => getJobStatus.executeWithOptions({ summary }, [question]));
    if (run.persistent?.scope === scope) run.answer = { status, by };
  } catch (error) {
    // Anything but a cancellation is a defect: the activity is retried for ever.
    if (!isCancellation(error))
      log.error('a question ended without an answer; a sweep or a hint asks again', { error });
  } finally {
    if (run.persistent?.scope === scope) run.persistent = null;
  }
}

/** The provider has answered by another way, or nobody needs to know any more. */
export function stopAsking(run: Run): void {
  run.persistent?.scope.cancel();
  run.persistent = null;
}

/** What came of a cancellation is seen soon: asked after 1, 5 and 30 s. */
export async function askAfterCancellation(run: Run): Promise<void> {
  run.asksAfterCancellation = true;
  for (const seconds of [1, 4, 25]) {
    await sleep(`${seconds} seconds`, { summary: 'until the provider is asked what came of the cancellation' });
    if (!isOpen(run)) return;
    run.state.question ??= 'poll';
  }
  run.asksAfterCancellation = false;
}

/** The run's own timer, should nobody else look. Absolute, so that a continued run keeps it. */
export async function watchSafetyTimer(run: Run): Promise<void> {
  while (isOpen(run)) {
    const due = run.state.safetyAt;
    if (due > Date.now()) await sleep(due - Date.now(), { summary: 'safety timer' });
    if (!isOpen(run)) return;
    run.state.safetyAt = nextSafetyTime(run.rules);
    run.state.question ??= 'poll';
  }
}
