import { CancellationScope, isCancellation, log } from '@temporalio/workflow';
import { NO_PROGRESS } from '../../src/domain/delivery';
import type { JobEvent } from '../../src/domain/event';
import { type EventType, isTerminalEventType, terminalEventType } from '../../src/domain/event-type';
import type { PendingDelivery, RunState } from '../../src/domain/job-run';
import { isTerminal } from '../../src/domain/job-state';
import { type EventContext, makeAgain, makeEvent } from '../../src/domain/make-event';
import type { Subscription } from '../../src/domain/subscription';
import { cutText, jsonBytes } from '../../src/domain/text-size';
import { isSubscribed } from '../../src/formats/vocabulary';
import { createCommandPacer } from '../command-pacer';
import { attemptFirst, attemptUntilSettled } from '../deliver-activity';
import { inBackground } from './in-background';
import { showDeliveries } from './operator-view';
import {
  advance,
  commandBytes,
  idOf,
  measureBodies,
  messageOf,
  nextPending,
  overtake,
  overtakeCourse,
  planDeliveries,
  QUEUES,
  type Queue,
  requestFor,
  settle,
} from './planned-deliveries';
import type { Run } from './run';

export interface Deliveries {
  /** Publishes an event about the job as it is now, to every endpoint that is subscribed to it. */
  publish(type: EventType): void;
  /** Publishes that a heartbeat was missed. */
  publishStalled(): void;
  /** Publishes how the job ended. What an endpoint has not received yet of the job's course is then skipped. */
  publishTerminalEvent(): void;
  /**
   * Publishes to endpoints that were just added what the others know of the job as it is now.
   * @param before the subscriptions until then
   */
  publishToAdded(before: readonly Subscription[]): void;
  /**
   * Whether they are at something that only this run can finish: one activity is making the first attempts at several endpoints, or
   * what the end of the job has overtaken is being cancelled, which a next run would not know and try again, before the end.
   */
  areBound(): boolean;
  /** What the next run would have to repeat in its history, in bytes. */
  pendingBytes(): number;
}

/** What goes to several endpoints at once has to fit into one argument. */
const MAX_TOGETHER_BYTES = 1024 * 1024;

/**
 * Each endpoint gets its events one after another, queue by queue; endpoints do not wait for each other. The terminal event
 * goes to all of them by one activity first; only an endpoint that did not take it at once gets an activity of its own.
 */
export function startDeliveries(run: Run): Deliveries {
  const { state } = run;
  /** By queue and endpoint; the scope by which the end of the job cancels what it overtakes. Nothing cancels the end itself. */
  const underWay = new Map<string, CancellationScope | undefined>();
  const untilThereIsRoom = createCommandPacer();
  let batches = 0;

  /** Works through the pending deliveries of one endpoint's queue, in order. */
  const drain = async (endpoint: string, queue: Queue) => {
    const key = `${queue}/${endpoint}`;
    for (let next = nextPending(state, endpoint, queue); next; next = nextPending(state, endpoint, queue)) {
      const scope = isTerminalEventType(next.event) ? undefined : new CancellationScope();
      underWay.set(key, scope);
      await untilThereIsRoom(commandBytes(run, next));
      await attemptUntilDone(run, next, scope);
      showDeliveries(run);
    }
    underWay.delete(key);
  };
  const drainAll = () => {
    for (const { endpoint } of run.input.subscriptions) {
      for (const queue of QUEUES) {
        if (!underWay.has(`${queue}/${endpoint}`) && nextPending(state, endpoint, queue))
          inBackground(drain(endpoint, queue));
      }
    }
  };

  /** The endpoints whose first attempt at the terminal event can be made together: nothing else is under way for them. */
  const readyTogether = (end: readonly PendingDelivery[]): readonly PendingDelivery[] => {
    const ready = end.filter((planned) => !underWay.has(courseOf(planned)));
    return ready.length > 1 && togetherBytes(run, ready) <= MAX_TOGETHER_BYTES ? ready : [];
  };
  const attemptTogether = async (ready: readonly PendingDelivery[]) => {
    for (const planned of ready) underWay.set(courseOf(planned), undefined);
    batches++;
    try {
      await untilThereIsRoom(togetherBytes(run, ready));
      const requests = ready.map((planned) => requestFor(run, planned));
      const results = await attemptFirst(requests, `first/${ready[0] && messageOf(state, ready[0]).id}`);
      for (const planned of ready) {
        const result = results[idOf(state, planned)];
        if (result?.kind === 'settled') settle(run, planned, result);
        else if (result) advance(run, planned, result.progress);
      }
    } catch (error) {
      // The activity is retried until it succeeds, so this is a defect. Each endpoint then gets its own activity all the same.
      log.error('the first attempts came to nothing', { error });
    }
    batches--;
    for (const planned of ready) underWay.delete(courseOf(planned));
    drainAll();
    showDeliveries(run);
  };

  const publishEvent = (event: JobEvent) => {
    const subscriptions = run.input.subscriptions.filter((subscription) => isSubscribed(subscription, event));
    if (subscriptions.length === 0) return;
    state.sequence++;
    if (isOncePerJob(event.type)) {
      state.published[event.type] = { id: event.id, sequence: state.sequence, at: Date.now() };
    }
    deliverTo(subscriptions, event);
  };
  const deliverTo = (subscriptions: readonly Subscription[], event: JobEvent) => {
    const planned = planDeliveries(run, event, subscriptions);
    const together = isTerminalEventType(event.type) ? readyTogether(planned) : [];
    if (together.length > 0) inBackground(attemptTogether(together));
    drainAll();
    // The end is shown as a whole, with all that is known of it.
    if (!isTerminalEventType(event.type)) showDeliveries(run);
  };

  const publishToAdded = (type: EventType, before: readonly Subscription[]) => {
    const known = state.published[type];
    if (!known) return publishEvent(makeEvent(contextOf(run), type, distinguishersOf(type, state)));
    const event = makeAgain(contextOf(run), type, known);
    const isPlanned = ({ endpoint }: Subscription) =>
      before.some((each) => each.endpoint === endpoint && isSubscribed(each, event));
    deliverTo(
      run.input.subscriptions.filter((each) => isSubscribed(each, event) && !isPlanned(each)),
      event,
    );
  };

  measureBodies(run);
  drainAll(); // what an earlier run handed on
  if (state.pending.length > 0) showDeliveries(run);
  return {
    publish: (type) => publishEvent(makeEvent(contextOf(run), type, distinguishersOf(type, state))),
    publishStalled: () => publishEvent(makeEvent(contextOf(run), 'job.stalled', [state.stalls])),
    publishTerminalEvent() {
      if (!isTerminal(state.status.state)) return;
      overtakeCourse(run);
      for (const [key, scope] of underWay) if (key.startsWith('course/')) scope?.cancel();
      publishEvent(makeEvent(contextOf(run), terminalEventType(state.status.state)));
    },
    publishToAdded(before) {
      const { status, runningNotified, overdueNotified } = state;
      if (isTerminal(status.state)) return publishToAdded(terminalEventType(status.state), before);
      if (runningNotified && status.state === 'RUNNING') publishToAdded('job.running', before);
      if (overdueNotified) publishToAdded('job.overdue', before);
    },
    areBound: () => batches > 0 || [...underWay.values()].some((scope) => scope?.consideredCancelled),
    pendingBytes: () => state.pending.reduce((sum, planned) => sum + commandBytes(run, planned), 0),
  };
}

/** What distinguishes an event from others of its type: nothing where a job has one only. */
function distinguishersOf(type: EventType, { sequence }: RunState): readonly number[] {
  return isTerminalEventType(type) || type === 'job.overdue' ? [] : [sequence + 1];
}

/** Of all others, what an added endpoint has missed is over. */
function isOncePerJob(type: EventType): boolean {
  return isTerminalEventType(type) || type === 'job.running' || type === 'job.overdue';
}

/** What is known just now, for the next event. */
function contextOf({ input, state: { status, sequence, callback } }: Run): EventContext {
  return { input, status, sequence: sequence + 1, said: callback && { ...callback }, now: Date.now() };
}

function courseOf({ endpoint }: PendingDelivery): string {
  return `course/${endpoint}`;
}

/** About what the command takes that has several deliveries made together. */
function togetherBytes(run: Run, planned: readonly PendingDelivery[]): number {
  const names = new Set(planned.map(({ body }) => body));
  const bodies = [...names].reduce((sum, name) => sum + (run.bodyBytes.get(name) ?? 0), 0);
  return bodies + jsonBytes(run.input.subscriptions) + planned.length * 512;
}

/** Has a delivery made, and records what became of it. */
async function attemptUntilDone(run: Run, planned: PendingDelivery, scope?: CancellationScope): Promise<void> {
  const summary = `notifies ${planned.endpoint}: ${planned.event}`;
  try {
    const attempt = () => attemptUntilSettled(requestFor(run, planned), summary);
    settle(run, planned, await (scope ? scope.run(attempt) : attempt()));
  } catch (error) {
    // An attempt that was under way when the job ended may also just have failed, which nobody repeats.
    if (isCancellation(error) || scope?.consideredCancelled) return overtake(run, planned);
    const { progress = NO_PROGRESS } = planned;
    settle(run, planned, {
      state: 'exhausted',
      progress,
      reason: `the delivery failed: ${cutText(String(error), 256)}`,
    });
  }
}
