import { ActivityCancellationType, CancellationScope, log, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import type { CompletedBy } from '../../src/domain/job-run';
import type { JobStatus } from '../../src/domain/job-status';
import { canAsk, questionOf, type Run } from './run';

const { getJobStatus } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '10 seconds', // notices a dead worker; activities/late-report.ts stays well below it
  // The activity names the time of its next attempt itself; this is what a crash costs.
  retry: { initialInterval: '1 second', backoffCoefficient: 1 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

export interface StatusWatch {
  hasAnswer(): boolean;
  takeAnswer(): { readonly status: JobStatus; readonly by: CompletedBy };
  /** Watches on at the pace it had; the provider has just been asked. */
  goOn(): void;
  /** Watches on with the pace at its beginning: a hint that came too early is often followed by the end. */
  startAfresh(question: { readonly ask: 'later' } | { readonly ask: 'now'; readonly by: CompletedBy }): void;
}

/**
 * The fallback poll: one pending activity for as long as the job lasts. Its first attempt is also the check
 * whether the job had already ended when it was submitted.
 * It is never cancelled at the end (that would cost events): it notices by itself that the run has moved on.
 * Where there is nobody to ask it waits in silence, until `startAfresh`.
 */
export function startStatusWatch(run: Run): StatusWatch {
  let answer: { status: JobStatus; by: CompletedBy } | undefined;
  let current: CancellationScope | undefined;
  // Temporal refuses a second pending activity of the same ID, and a superseded watch may still be pending.
  let watches = 0;

  const watch = (askAtOnce: boolean, by: CompletedBy, paceSince: number | null) => {
    current?.cancel();
    const scope = new CancellationScope();
    current = scope;
    const isCurrent = () => current === scope;
    scope
      .run(() =>
        getJobStatus.executeWithOptions({ activityId: `status-${++watches}`, summary: summaryOf(run) }, [
          question(run, askAtOnce, paceSince),
        ]),
      )
      .then(
        (said) => {
          if (!isCurrent() || !said) return;
          if (said.at_once) run.paceSince = Date.now(); // the first answer may have taken long
          answer = { status: said.status, by: said.at_once ? by : 'poll' };
        },
        (error: unknown) => {
          // Superseded by a later watch. Anything else cannot be: the activity retries for ever.
          if (isCurrent()) log.error('the status watch ended by itself; a hint still completes the job', { error });
        },
      );
  };

  const { carried } = run.input;
  if (!run.completedBy && canAsk(run)) watch(carried === undefined, 'poll', carried?.pace_since ?? null);
  return {
    hasAnswer: () => answer !== undefined,
    takeAnswer: () => {
      const taken = answer as { status: JobStatus; by: CompletedBy };
      answer = undefined;
      return taken;
    },
    goOn: () => watch(false, 'poll', run.paceSince),
    startAfresh: (next) => {
      answer = undefined;
      run.paceSince = Date.now();
      if (next.ask === 'now') watch(true, next.by, null);
      else watch(false, 'poll', null);
    },
  };
}

function question(run: Run, askAtOnce: boolean, paceSince: number | null) {
  const listensTo = (type: 'job.running' | 'job.progress') =>
    run.input.subscriptions.some(({ events }) => events.includes(type));
  return {
    ...questionOf(run),
    known: run.status,
    tell_running: listensTo('job.running'),
    tell_progress: listensTo('job.progress'),
    pace_since: paceSince,
    ask_at_once: askAtOnce,
  };
}

function summaryOf({ input }: Run): string {
  return `fallback poll: asks ${input.provider} until the job has ended`;
}
