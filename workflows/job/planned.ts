import type { DeliveryRequest, DeliveryResult } from '../../src/domain/delivery-request';
import type { JobEvent } from '../../src/domain/event';
import { isTerminalEventType } from '../../src/domain/event-type';
import { type DeliveryProgress, NO_PROGRESS, type PlannedDelivery } from '../../src/domain/job-run';
import type { Subscription } from '../../src/domain/subscription';
import { render } from '../../src/formats/render';
import type { Run } from './run';

/** What the run still owes to whom: the list of its deliveries, and the rules by which it changes. */

/**
 * course: what the job goes through, of which the end overtakes what is not told yet · aside: what nothing overtakes
 * and what holds up no end.
 */
export type Lane = 'course' | 'aside';
export const LANES: readonly Lane[] = ['course', 'aside'];

export function laneOf({ delivery: { event } }: PlannedDelivery): Lane {
  return event === 'job.running' || event === 'job.progress' || isTerminalEventType(event) ? 'course' : 'aside';
}

export function plan(event: JobEvent, subscription: Subscription): PlannedDelivery {
  return {
    delivery: {
      id: `${subscription.endpoint}/${event.id}`,
      endpoint: subscription.endpoint,
      event: event.type,
      webhook_id: event.id,
      state: 'pending',
      attempts: [],
      attempt_count: 0,
    },
    subscription,
    message: render(event, subscription),
    progress: NO_PROGRESS,
  };
}

export function requestFor(run: Run, { delivery, subscription, message, progress }: PlannedDelivery): DeliveryRequest {
  const { provider, job } = run.input;
  return {
    provider,
    job,
    delivery_id: delivery.id,
    event_type: delivery.event,
    subscription,
    message: message ?? { id: delivery.webhook_id, content_type: '', headers: {}, body: '' },
    progress,
  };
}

export function isPending({ delivery }: PlannedDelivery): boolean {
  return delivery.state === 'pending';
}

/** The first pending delivery of an endpoint's lane is the one that is being tried. */
export function owed(run: Run, endpoint: string, lane: Lane): PlannedDelivery | undefined {
  return run.deliveries.find(
    (planned) => planned.delivery.endpoint === endpoint && isPending(planned) && laneOf(planned) === lane,
  );
}

function isUnderWay(run: Run, planned: PlannedDelivery): boolean {
  return owed(run, planned.delivery.endpoint, laneOf(planned)) === planned;
}

export function settle(run: Run, planned: PlannedDelivery, { state, progress, reason }: DeliveryResult): void {
  const { attempts, attempt_count } = progress;
  replace(run, planned, {
    ...planned,
    delivery: { ...planned.delivery, state, attempts, attempt_count, ...(reason === undefined ? {} : { reason }) },
    message: null,
    progress: NO_PROGRESS,
  });
}

/** Notes how far a delivery has come that is still to be tried. */
export function advance(run: Run, planned: PlannedDelivery, progress: DeliveryProgress): void {
  replace(run, planned, { ...planned, progress });
}

function replace(run: Run, planned: PlannedDelivery, next: PlannedDelivery): void {
  run.deliveries[run.deliveries.indexOf(planned)] = next;
}

export const OVERTAKEN = 'overtaken by the end of the job';

/** Skips what has not been started yet of the job's course; what is under way is cancelled by its scope. */
export function skipUntold(run: Run): void {
  for (const planned of [...run.deliveries]) {
    if (isPending(planned) && laneOf(planned) === 'course' && !isUnderWay(run, planned)) {
      settle(run, planned, { state: 'gone', progress: planned.progress, reason: OVERTAKEN });
    }
  }
}

/** Progress is worth telling while it is news: this many undelivered reports, and told ones, are kept for each endpoint. */
const KEPT_PROGRESS = 50;

/** Keeps a run that reports progress for days from growing without bound. Ends are never forgotten. */
export function forgetOldProgress(run: Run): void {
  for (const { endpoint } of run.input.subscriptions) {
    const progress = run.deliveries.filter(
      ({ delivery }) => delivery.endpoint === endpoint && delivery.event === 'job.progress',
    );
    const undelivered = progress.filter((planned) => isPending(planned) && !isUnderWay(run, planned));
    for (const planned of undelivered.slice(0, -KEPT_PROGRESS)) {
      settle(run, planned, { state: 'gone', progress: planned.progress, reason: 'overtaken by later progress' });
    }
    const told = progress.filter((planned) => !isPending(planned));
    for (const planned of told.slice(0, -KEPT_PROGRESS)) run.deliveries.splice(run.deliveries.indexOf(planned), 1);
  }
}
