import { CancellationScope, isCancellation, log } from '@temporalio/workflow';
import type { DeliveryResult } from '../../src/domain/delivery-request';
import type { JobEvent } from '../../src/domain/event';
import { type EventType, isTerminalEventType, terminalEventType } from '../../src/domain/event-type';
import type { PassedEvent } from '../../src/domain/job-messages';
import type { PlannedDelivery } from '../../src/domain/job-run';
import { isTerminal } from '../../src/domain/job-state';
import { type EventContext, makeEvent, makePassedEvent } from '../../src/domain/make-event';
import { isSubscribed } from '../../src/formats/vocabulary';
import { attemptFirst, attemptUntilSettled } from '../deliver-activity';
import { showNow } from './operator-view';
import {
  advance,
  forgetOldProgress,
  isPending,
  LANES,
  type Lane,
  OVERTAKEN,
  owed,
  plan,
  requestFor,
  settle,
  skipUntold,
} from './planned';
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
  /** Whether nothing is under way that only this run could finish: the first attempts at several endpoints. */
  canBeHandedOn(): boolean;
}

/** What several endpoints are told at once has to fit into one argument: Temporal takes 2 MiB. */
const MAX_TOGETHER = 512 * 1024;

/**
 * Each endpoint gets its events one after another, lane by lane; endpoints do not wait for each other. The end goes to
 * all of them by one activity first; an activity of its own gets only who did not take it at once.
 */
export function startDeliveries(run: Run): Deliveries {
  /** By lane and endpoint; the scope of what may be overtaken. */
  const underWay = new Map<string, CancellationScope | undefined>();
  let batches = 0;

  /** Works through what one endpoint is still owed in one lane, in order. */
  const serve = async (endpoint: string, lane: Lane) => {
    const key = `${lane}/${endpoint}`;
    for (let next = owed(run, endpoint, lane); next; next = owed(run, endpoint, lane)) {
      // Nothing overtakes an end, so it needs no scope to be cancelled by: each promise costs every run of this worker.
      const scope = isTerminalEventType(next.delivery.event) ? undefined : new CancellationScope();
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

  /** The first attempt at every endpoint that is owed the end and nothing before it. */
  const readyTogether = (end: readonly PlannedDelivery[]): readonly PlannedDelivery[] => {
    if ((run.input.revision ?? 0) < 1) return []; // a run of before has an activity for each
    const ready = end.filter((planned) => !underWay.has(keyOf(planned)));
    return ready.length > 1 && fitTogether(ready) ? ready : [];
  };
  const serveTogether = async (ready: readonly PlannedDelivery[]) => {
    for (const planned of ready) underWay.set(keyOf(planned), undefined);
    batches++;
    try {
      const [{ delivery }] = ready as [PlannedDelivery];
      const requests = ready.map((planned) => requestFor(run, planned));
      const results = await attemptFirst(requests, `first/${delivery.webhook_id}`);
      for (const planned of ready) {
        const result = results[planned.delivery.id];
        if (result?.settled) settle(run, planned, result.settled);
        else if (result?.later) advance(run, planned, result.later.progress);
      }
    } catch (error) {
      // Cannot be: the activity is tried until it ends. Everybody then gets one of their own all the same.
      log.error('the first attempts came to nothing', { error });
    }
    batches--;
    for (const planned of ready) underWay.delete(keyOf(planned));
    showNow(run);
    serveAll();
  };

  const tellEvent = (event: JobEvent) => {
    const listeners = run.input.subscriptions.filter((subscription) => isSubscribed(subscription, event));
    if (listeners.length === 0) return;
    run.sequence++;
    const planned = listeners.map((subscription) => plan(event, subscription));
    run.deliveries.push(...planned);
    forgetOldProgress(run);
    const together = isTerminalEventType(event.type) ? readyTogether(planned) : [];
    if (together.length > 0) void serveTogether(together);
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
    for (const [key, scope] of underWay) if (key.startsWith('course/')) scope?.cancel();
    tell(type);
  };

  serveAll(); // what an earlier run handed on
  return {
    tell,
    tellStalled: () => tellEvent(makeEvent(momentOf(run), 'job.stalled', [run.stalls])),
    passOn: (event) => tellEvent(makePassedEvent(momentOf(run), event)),
    tellEnd,
    areSettled: () => !run.deliveries.some(isPending),
    canBeHandedOn: () => batches === 0,
  };
}

/** What is known at this moment, for the next event. */
function momentOf({ input, status, sequence, callback }: Run): EventContext {
  return { input, status, sequence: sequence + 1, said: callback && { ...callback }, now: Date.now() };
}

function keyOf({ delivery }: PlannedDelivery): string {
  return `course/${delivery.endpoint}`;
}

function fitTogether(planned: readonly PlannedDelivery[]): boolean {
  return planned.reduce((size, { message }) => size + (message?.body.length ?? 0), 0) <= MAX_TOGETHER;
}

async function attemptUntilDone(
  run: Run,
  planned: PlannedDelivery,
  scope?: CancellationScope,
): Promise<DeliveryResult> {
  const { delivery, progress } = planned;
  const request = requestFor(run, planned);
  const attempt = () => attemptUntilSettled(request, `tells ${delivery.endpoint}: ${delivery.event}`);
  try {
    return await (scope ? scope.run(attempt) : attempt());
  } catch (error) {
    if (isCancellation(error)) return { state: 'gone', progress, reason: OVERTAKEN };
    return { state: 'exhausted', progress, reason: `the delivery failed: ${String(error)}` };
  }
}
