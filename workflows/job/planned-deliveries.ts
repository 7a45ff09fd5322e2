import type { Delivery, DeliveryProgress } from '../../src/domain/delivery';
import { NO_PROGRESS } from '../../src/domain/delivery';
import { type DeliveryRequest, type DeliveryResult, settledDelivery } from '../../src/domain/delivery-request';
import type { JobEvent } from '../../src/domain/event';
import { type EventType, isTerminalEventType } from '../../src/domain/event-type';
import type { PendingDelivery, PlannedDelivery, RunState } from '../../src/domain/job-run';
import type { Subscription } from '../../src/domain/subscription';
import { render } from '../../src/formats/render';
import type { Run } from './run';

/** The list of a run's deliveries, and the rules by which it changes. */

/**
 * course: what the job goes through; the terminal event overtakes what is not delivered of it · aside: what nothing
 * overtakes and what holds up no terminal event.
 */
export type Queue = 'course' | 'aside';
export const QUEUES: readonly Queue[] = ['course', 'aside'];

function queueOf(event: EventType): Queue {
  return event === 'job.running' || event === 'job.progress' || isTerminalEventType(event) ? 'course' : 'aside';
}

export function planDelivery(event: JobEvent, subscription: Subscription): PendingDelivery {
  return {
    kind: 'pending',
    id: deliveryId(subscription.endpoint, event),
    event: event.type,
    subscription,
    message: render(event, subscription),
    progress: NO_PROGRESS,
  };
}

export function deliveryId(endpoint: string, { id }: Pick<JobEvent, 'id'>): string {
  return `${endpoint}/${id}`;
}

export function idOf(planned: PlannedDelivery): string {
  return planned.kind === 'pending' ? planned.id : planned.delivery.id;
}

export function requestFor({ input }: Run, planned: PendingDelivery): DeliveryRequest {
  const { provider, job } = input;
  const { id, event, subscription, message, progress } = planned;
  return { provider, job, delivery_id: id, event_type: event, subscription, message, progress };
}

/** A delivery as readers see it. */
export function deliveryOf(planned: PlannedDelivery): Delivery {
  if (planned.kind === 'settled') return planned.delivery;
  const { id, event, subscription, message } = planned;
  return {
    id,
    endpoint: subscription.endpoint,
    event,
    webhook_id: message.id,
    state: 'pending',
    attempts: [],
    attempt_count: 0,
  };
}

/** The oldest pending delivery of an endpoint's queue is the one that is being tried. */
export function nextPending({ deliveries }: RunState, endpoint: string, queue: Queue): PendingDelivery | undefined {
  return deliveries.find(
    (planned): planned is PendingDelivery =>
      planned.kind === 'pending' && planned.subscription.endpoint === endpoint && queueOf(planned.event) === queue,
  );
}

function isUnderWay(state: RunState, planned: PendingDelivery): boolean {
  return nextPending(state, planned.subscription.endpoint, queueOf(planned.event)) === planned;
}

export function settle(state: RunState, planned: PendingDelivery, result: DeliveryResult): void {
  const { id, event, subscription, message } = planned;
  const request = { delivery_id: id, event_type: event, subscription, message };
  replace(state, planned, { kind: 'settled', delivery: settledDelivery(request, result) });
}

/** Records how far a delivery has come that is still to be tried. */
export function advance(state: RunState, planned: PendingDelivery, progress: DeliveryProgress): void {
  replace(state, planned, { ...planned, progress });
}

function replace({ deliveries }: RunState, planned: PlannedDelivery, next: PlannedDelivery): void {
  deliveries[deliveries.indexOf(planned)] = next;
}

export const OVERTAKEN = 'overtaken by the end of the job';

/** Skips what has not been started yet of the job's course; what is under way is cancelled by its scope. */
export function skipOvertaken(state: RunState): void {
  for (const planned of [...state.deliveries]) {
    if (planned.kind === 'pending' && queueOf(planned.event) === 'course' && !isUnderWay(state, planned)) {
      settle(state, planned, { state: 'gone', progress: planned.progress, reason: OVERTAKEN });
    }
  }
}

/** Progress matters while it is news: of each endpoint this many undelivered reports are kept, and as many settled ones. */
const KEPT_PROGRESS = 50;

/** Keeps a run that reports progress for days from growing without bound. Terminal events are never dropped. */
export function dropOldProgress({ input, state }: Run): void {
  for (const { endpoint } of input.subscriptions) {
    const undelivered = state.deliveries.filter(
      (planned): planned is PendingDelivery =>
        planned.kind === 'pending' &&
        planned.event === 'job.progress' &&
        planned.subscription.endpoint === endpoint &&
        !isUnderWay(state, planned),
    );
    for (const planned of undelivered.slice(0, -KEPT_PROGRESS)) {
      settle(state, planned, { state: 'gone', progress: planned.progress, reason: 'overtaken by later progress' });
    }
    const settled = state.deliveries.filter(
      (planned) =>
        planned.kind === 'settled' &&
        planned.delivery.event === 'job.progress' &&
        planned.delivery.endpoint === endpoint,
    );
    for (const planned of settled.slice(0, -KEPT_PROGRESS)) {
      state.deliveries.splice(state.deliveries.indexOf(planned), 1);
    }
  }
}
