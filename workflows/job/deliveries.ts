import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { DeliveryResult } from '../../src/domain/delivery-request';
import type { JobEvent } from '../../src/domain/event';
import { type EventType, isTerminalEventType, terminalEventType } from '../../src/domain/event-type';
import { eventId } from '../../src/domain/identity';
import { NO_PROGRESS, type PlannedDelivery } from '../../src/domain/job-run';
import { isTerminal } from '../../src/domain/job-state';
import type { Subscription } from '../../src/domain/subscription';
import { render } from '../../src/formats/render';
import { attemptUntilSettled } from '../deliver-activity';
import { showNow } from './operator-view';
import type { Run } from './run';

export interface Deliveries {
  /** Tells an event about the job as it is now to every endpoint that listens to it. */
  tell(type: EventType): void;
  /** Tells how the job ended. What an endpoint has not been told yet of its course is then skipped. */
  tellEnd(): void;
  areSettled(): boolean;
}

/** Each endpoint gets its events one after another; endpoints do not wait for each other. */
export function startDeliveries(run: Run): Deliveries {
  const underWay = new Map<string, CancellationScope>();

  /** Works through what one endpoint is still owed, in order. */
  const serve = async (endpoint: string) => {
    for (let next = owed(run, endpoint); next; next = owed(run, endpoint)) {
      const scope = new CancellationScope();
      underWay.set(endpoint, scope);
      settle(run, next, await attemptUntilDone(run, next, scope));
      showNow(run);
    }
    underWay.delete(endpoint);
  };
  const serveAll = () => {
    for (const { endpoint } of run.input.subscriptions) {
      if (!underWay.has(endpoint) && owed(run, endpoint)) void serve(endpoint);
    }
  };

  const tell = (type: EventType) => {
    const listeners = run.input.subscriptions.filter(({ events }) => events.includes(type));
    if (listeners.length === 0) return;
    run.sequence++;
    const event = makeEvent(run, type);
    run.deliveries.push(...listeners.map((subscription) => plan(event, subscription)));
    forgetOldProgress(run);
    serveAll();
  };

  const tellEnd = () => {
    const { state } = run.status;
    const alreadyTold = run.deliveries.some(({ delivery }) => isTerminalEventType(delivery.event));
    if (!isTerminal(state) || alreadyTold) return;
    const type = terminalEventType(state);
    skipUntold(run);
    for (const scope of underWay.values()) scope.cancel();
    tell(type);
  };

  serveAll(); // what an earlier run handed on
  return {
    tell,
    tellEnd,
    areSettled: () => !run.deliveries.some(isPending),
  };
}

function makeEvent({ input, status, sequence }: Run, type: EventType): JobEvent {
  const isTheEnd = isTerminalEventType(type);
  const id = eventId(input, input.idempotency_key, type, ...(isTheEnd ? [] : [sequence]));
  return {
    id,
    type,
    timestamp: timeOf(type, status) ?? new Date(Date.now()).toISOString(),
    data: {
      provider: input.provider,
      job: input.job,
      ...status,
      sequence,
      correlation_id: input.correlation_id,
      idempotency_key: id,
      metadata: input.metadata,
      labels: input.labels,
    },
  };
}

/** When it happened, where the provider says so. */
function timeOf(type: EventType, { started_at, ended_at }: Run['status']): string | null {
  if (isTerminalEventType(type)) return ended_at;
  return type === 'job.running' ? started_at : null;
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
    message: render(event, subscription.format),
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

/** An endpoint's first pending delivery is the one that is being tried. */
function isUnderWay(run: Run, planned: PlannedDelivery): boolean {
  return owed(run, planned.delivery.endpoint) === planned;
}

function owed(run: Run, endpoint: string): PlannedDelivery | undefined {
  return run.deliveries.find(({ delivery }) => delivery.endpoint === endpoint && delivery.state === 'pending');
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
    if (isPending(planned) && !isUnderWay(run, planned)) {
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
