import { ActivityCancellationType, CancellationScope, log, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import type { CompletedBy } from '../../src/domain/job-run';
import type { StatusWatch } from '../../src/domain/status-watch';
import { canAsk, isOpen, questionOf, type Run } from './run';

const { getJobStatus } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '10 seconds', // notices a dead worker
  // The activity names the time of its next attempt itself; this is what a crash costs.
  retry: { initialInterval: '1 second', backoffCoefficient: 1 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

export interface Poll {
  /** Polls on at the pace it had; the provider has just been asked. */
  resume(): void;
  /** Polls at the pace of the beginning: a hint that came too early is often followed by the end. */
  restart(question: { readonly ask: 'later' } | { readonly ask: 'now'; readonly by: CompletedBy }): void;
}

/**
 * The fallback poll: one pending activity for as long as the job lasts. Its first attempt is also the check
 * whether the job had already ended when it was submitted.
 * It is never cancelled at the end (that would cost events): it notices by itself that the run has moved on.
 * Where there is nobody to ask it does not run, until `restart`.
 */
export function startPoll(run: Run): Poll {
  const { state, input } = run;
  let current: CancellationScope | undefined;
  // Temporal refuses a second pending activity of the same ID, and a superseded one may still be pending.
  let polls = 0;

  const poll = (askAtOnce: boolean, by: CompletedBy, paceSince: number | null) => {
    current?.cancel();
    const scope = new CancellationScope();
    current = scope;
    const isCurrent = () => current === scope;
    const options = {
      activityId: `status-${++polls}`,
      summary: `fallback poll: asks ${input.provider} until the job has ended`,
    };
    scope
      .run(() => getJobStatus.executeWithOptions(options, [watchOf(run, askAtOnce, paceSince)]))
      .then(
        (answer) => {
          if (!isCurrent() || !answer) return;
          if (answer.at_once) state.pacedSince = Date.now(); // the first answer may have taken long
          run.pollAnswer = { status: answer.status, by: answer.at_once ? by : 'poll' };
        },
        (error: unknown) => {
          // Superseded by a later one. Anything else is a defect: the activity is retried for ever.
          if (isCurrent()) log.error('the fallback poll ended by itself; a hint still completes the job', { error });
        },
      );
  };

  if (isOpen(run) && canAsk(run)) poll(!input.carried, 'poll', input.carried ? state.pacedSince : null);
  return {
    resume() {
      run.pollAnswer = null;
      if (isOpen(run)) poll(false, 'poll', state.pacedSince);
    },
    restart(next) {
      if (!isOpen(run)) return;
      run.pollAnswer = null;
      state.pacedSince = Date.now();
      if (next.ask === 'now') poll(true, next.by, null);
      else poll(false, 'poll', null);
    },
  };
}

function watchOf(run: Run, askAtOnce: boolean, paceSince: number | null): StatusWatch {
  const isWanted = (type: 'job.running' | 'job.progress') =>
    run.input.subscriptions.some(({ events }) => events.includes(type));
  return {
    ...questionOf(run),
    known: run.state.status,
    wants_running: isWanted('job.running'),
    wants_progress: isWanted('job.progress'),
    pace_since: paceSince,
    ask_at_once: askAtOnce,
  };
}
