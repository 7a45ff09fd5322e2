import { withSubmission } from '../../src/domain/adoption';
import type { AdoptAnswer, AdoptMessage } from '../../src/domain/job-messages';
import { watchOverdue } from './deadlines';
import type { Deliveries } from './deliveries';
import { inBackground } from './in-background';
import { showAdopted, showCurrentDetails } from './operator-view';
import { isOpen, promiseHeartbeat, type Run } from './run';

/**
 * Answers the update `adopt`: a run that was begun by tracking takes the first submission of its job. Endpoints are added, key,
 * correlation id, metadata and labels hold for every event from now on; what is rendered stays as it is. The added endpoints
 * get at once what the others know of the job as it is: that it runs, or how it ended.
 */
export function adoptSubmission(run: Run, deliveries: Deliveries, message: AdoptMessage): AdoptAnswer {
  const { state } = run;
  const { submission_sha256, heartbeat_deadline_seconds, overdue_after_seconds } = message;
  if (state.adopted !== null) return { effect: state.adopted === submission_sha256 ? 'same' : 'conflict' };
  if (!run.input.tracked) return { effect: 'conflict' };

  state.adopted = submission_sha256;
  const isOverdueLater = overdue_after_seconds !== run.input.overdue_after_seconds;
  const { subscriptions: before } = run.input;
  run.input = withSubmission(run.input, message);
  if (heartbeat_deadline_seconds !== undefined && isOpen(run)) {
    state.heartbeat = promiseHeartbeat(run.rules, heartbeat_deadline_seconds);
  }
  if (overdue_after_seconds !== undefined && isOverdueLater && isOpen(run)) {
    state.overdueAt = Date.now() + overdue_after_seconds * 1000;
    inBackground(watchOverdue(run, state.overdueAt));
  }
  showAdopted(run);
  deliveries.publishToAdded(before);
  showCurrentDetails(run);
  return { effect: 'adopted' };
}
