import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { DeliveryResult } from '../../src/domain/delivery-request';
import type { JobEvent } from '../../src/domain/event';
import { type EventType, isTerminalEventType, terminalEventType } from '../../src/domain/event-type';
import type { PassedEvent } from '../../src/domain/job-messages';
import { NO_PROGRESS, type PlannedDelivery } from '../../src/domain/job-run';
import { isTerminal } from '../../src/domain/job-state';
import { type Moment, makeEvent, makePassedEvent } from '../../src/domain/make-event';
import type { Subscription } from '../../src/domain/subscription';
import { isToldOf } from '../../src/formats/is-told-of';
import { render } from '../../src/formats/render';
import { attemptUntilSettled } from '../deliver-activity';
import { showNow } from './operator-view';
import type { Run } from './run';

export interface Deliveries {
  /** Tells an event about the job as it is now to every endpoint that listens to it. */
  tell(type: EventType): void;
  /** Tells that the job has been silent for longer than it promised. */
  tellStalled(): void;
  /** Passes on what the provider says of something that is not the job's own state. */
  passOn(event: PassedEvent): void;
  /** Tells how the job ended. What an endpoint has not been told yet of its course is then skipped. */
  tellEnd(): void;
  areSettled(): boolean;
}

/** Each endpoint gets its events one after another, lane by lane; endpoints do not wait for each other. */
export function startDeliveries(run: Run): Deliveries {
  const underWay = new Map<string, CancellationScope>();

  /** Works through what one endpoint is still owed in one lane, in order. */
  const serve = async (endpoint: string, lane: Lane) => {
    const key = `${lane}/${endpoint}`;
    for (let next = owed(run, endpoint, lane); next; next = owed(run, endpoint, lane)) {
      const scope = new CancellationScope();
      underWay.set(key, scope);
      settle(run, next, await attemptUntilDone(run, next, scope));
      showNow(run);
    }
    underWay.delete(key);
  };
  const serveAll = () => {
    for (const { endpoint } of run.input.subscriptions) {
      for (const lane of LANES) {
        if (!underWay.has(`${lane}/${endpoint}`) && owed(run, endpoint, lane)) void serve(endpoint, lane);
      }
    }
  };

  const tellEvent = (event: JobEvent) => {
    const listeners = run.input.subscriptions.filter((subscription) => isToldOf(subscription, event));
    if (listeners.length === 0) return;
    run.sequence++;
    run.deliveries.push(...listeners.map((subscription) => plan(event, subscription)));
    forgetOldProgress(run);
    serveAll();
  };
  const tell = (type: EventType) => {
    tellEvent(makeEvent(momentOf(run), type, isTerminalEventType(type) ? [] : [run.sequence + 1]));
  };

  const tellEnd = () => {
    const { state } = run.status;
    const alreadyTold = run.deliveries.some(({ delivery }) => isTerminalEventType(delivery.event));
    if (!isTerminal(state) || alreadyTold) return;
    const type = terminalEventType(state);
    skipUntold(run);
    for (const [key, scope] of underWay) if (key.startsWith('course/')) scope.cancel();
    tell(type);
  };

  serveAll(); // what an earlier run handed on
  return {
    tell,
    tellStalled: () => tellEvent(makeEvent(momentOf(run), 'job.stalled', [run.stalls])),
    passOn: (event) => tellEvent(makePassedEvent(momentOf(run), event)),
    tellEnd,
    areSettled: () => !run.deliveries.some(isPending),
  };
}

/**
 * course: what the job goes through, of which the end overtakes what is not told yet · aside: what nothing overtakes
 * and what holds up no end.
 */
type Lane = 'course' | 'aside';
const LANES: readonly Lane[] = ['course', 'aside'];

function laneOf({ delivery: { event } }: PlannedDelivery): Lane {
  return event === 'job.running' || event === 'job.progress' || isTerminalEventType(event) ? 'course' : 'aside';
}

/** What is known at this moment, for the next event. */
function momentOf({ input, status, sequence, callback }: Run): Moment {
  return { input, status, sequence: sequence + 1, said: callback && { ...callback }, now: Date.now() };
}

function plan(event: JobEvent, subscription: Subscription): PlannedDelivery {
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

/** Progress is worth telling while it is news: this many undelivered reports, and told ones, are kept for each endpoint. */
const KEPT_PROGRESS = 50;

/** Keeps a run that reports progress for days from growing without bound. Ends are never forgotten. */
function forgetOldProgress(run: Run): void {
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

function isPending({ delivery }: PlannedDelivery): boolean {
  return delivery.state === 'pending';
}

/** The first pending delivery of an endpoint's lane is the one that is being tried. */
function isUnderWay(run: Run, planned: PlannedDelivery): boolean {
  return owed(run, planned.delivery.endpoint, laneOf(planned)) === planned;
}

function owed(run: Run, endpoint: string, lane: Lane): PlannedDelivery | undefined {
  return run.deliveries.find(
    (planned) => planned.delivery.endpoint === endpoint && isPending(planned) && laneOf(planned) === lane,
  );
}

async function attemptUntilDone(run: Run, planned: PlannedDelivery, scope: CancellationScope): Promise<DeliveryResult> {
  const { delivery, subscription, message, progress } = planned;
  const { provider, job } = run.input;
  try {
    const request = {
      provider,
      job,
      delivery_id: delivery.id,
      event_type: delivery.event,
      subscription,
      message: message ?? { id: delivery.webhook_id, content_type: '', headers: {}, body: '' },
      progress,
    };
    return await scope.run(() => attemptUntilSettled(request, `tells ${delivery.endpoint}: ${delivery.event}`));
  } catch (error) {
    if (isCancellation(error)) return { state: 'gone', progress, reason: OVERTAKEN };
    return { state: 'exhausted', progress, reason: `the delivery failed: ${String(error)}` };
  }
}

const OVERTAKEN = 'overtaken by the end of the job';

/** Skips what has not been started yet; what is under way is cancelled by its scope. */
function skipUntold(run: Run): void {
  for (const planned of [...run.deliveries]) {
    if (isPending(planned) && laneOf(planned) === 'course' && !isUnderWay(run, planned)) {
      settle(run, planned, { state: 'gone', progress: planned.progress, reason: OVERTAKEN });
    }
  }
}

function settle(run: Run, planned: PlannedDelivery, { state, progress, reason }: DeliveryResult): void {
  const i = run.deliveries.indexOf(planned);
  const { attempts, attempt_count } = progress;
  run.deliveries[i] = {
    ...planned,
    delivery: { ...planned.delivery, state, attempts, attempt_count, ...(reason === undefined ? {} : { reason }) },
    message: null,
    progress: NO_PROGRESS,
  };
}
