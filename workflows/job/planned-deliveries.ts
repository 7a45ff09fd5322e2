import { type Delivery, type DeliveryProgress, MAX_SETTLED, NO_PROGRESS, OVERTAKEN } from '../../src/domain/delivery';
import { type DeliveryRequest, type DeliveryResult, settledDelivery } from '../../src/domain/delivery-request';
import type { JobEvent } from '../../src/domain/event';
import { type EventType, isTerminalEventType } from '../../src/domain/event-type';
import type { PendingDelivery, RunState } from '../../src/domain/job-run';
import type { Message } from '../../src/domain/message';
import type { Subscription } from '../../src/domain/subscription';
import { jsonBytes } from '../../src/domain/text-size';
import { type Body, fits, ROOM_OF_END, renderWithin } from '../../src/formats/render-within';
import type { Run } from './run';

/** The deliveries of a run, how much they may be, and the rules by which they change. */

const KIB = 1024;
/** What the undelivered bodies of everything but the end may take together; the end of the job has room of its own. */
const COURSE_BYTES = 160 * KIB;

/**
 * course: what the job goes through; the terminal event overtakes what is not delivered of it · aside: what holds up no terminal
 * event.
 */
export type Queue = 'course' | 'aside';
export const QUEUES: readonly Queue[] = ['course', 'aside'];

export function queueOf(event: EventType): Queue {
  return event === 'job.running' || event === 'job.progress' || isTerminalEventType(event) ? 'course' : 'aside';
}

/** Of these an endpoint gets the newest only. */
function isNewsOnly(event: EventType): boolean {
  return event === 'job.progress' || event === 'job.stalled';
}

/**
 * Adds an event to what is to be delivered, each distinct body once. It overtakes what waits of its kind, and is shrunk until it
 * fits beside what is undelivered.
 * @returns what is to be delivered of it
 */
export function planDeliveries(
  run: Run,
  event: JobEvent,
  subscribers: readonly Subscription[],
): readonly PendingDelivery[] {
  if (isNewsOnly(event.type)) {
    const endpoints = new Set(subscribers.map(({ endpoint }) => endpoint));
    overtakeWaiting(run, (each) => each.event === event.type && endpoints.has(each.endpoint));
  }
  const left = roomLeft(run, event.type);
  // Half of it, so that what comes after this has room, too; the end of a job is its last.
  const share = isTerminalEventType(event.type) ? left : left / 2;
  const rendering = renderWithin(event, subscribers, { ...ROOM_OF_END, bytes: share });
  const planned = rendering.bodies.flatMap((body) => addBody(run, event, body));
  const hasRoom = isTerminalEventType(event.type) || fits(rendering, { ...ROOM_OF_END, bytes: left });
  if (hasRoom) return planned;
  for (const each of planned) overtake(run, each);
  return [];
}

function addBody({ state, bodyBytes }: Run, event: JobEvent, { message, bytes, subscribers }: Body): PendingDelivery[] {
  const body = `b${state.bodyCount++}`;
  state.bodies[body] = message;
  bodyBytes.set(body, bytes);
  const planned = subscribers.map(({ endpoint }): PendingDelivery => ({ event: event.type, endpoint, body }));
  state.pending.push(...planned);
  return planned;
}

/** How much room the undelivered bodies leave to an event of this type. */
function roomLeft({ state: { pending }, bodyBytes }: Run, type: EventType): number {
  const isEnd = isTerminalEventType(type);
  const names = new Set(pending.filter(({ event }) => isTerminalEventType(event) === isEnd).map(({ body }) => body));
  const used = [...names].reduce((sum, name) => sum + (bodyBytes.get(name) ?? 0), 0);
  return Math.max(0, (isEnd ? ROOM_OF_END.bytes : COURSE_BYTES) - used);
}

/** Sizes of the bodies that an earlier run handed on. */
export function measureBodies({ state, bodyBytes }: Run): void {
  for (const [name, message] of Object.entries(state.bodies)) bodyBytes.set(name, jsonBytes(message));
}

export function messageOf({ bodies }: RunState, { body }: PendingDelivery): Message {
  const message = bodies[body];
  if (!message) throw new Error(`a pending delivery has no body ${body}`);
  return message;
}

/** Unique within the run. */
export function idOf(state: RunState, planned: PendingDelivery): string {
  return `${planned.endpoint}/${messageOf(state, planned).id}`;
}

export function requestFor({ input, state }: Run, planned: PendingDelivery): DeliveryRequest {
  const { provider, job, subscriptions, trace } = input;
  const { event, endpoint, progress = NO_PROGRESS } = planned;
  const subscription = subscriptions.find((each) => each.endpoint === endpoint);
  return {
    provider,
    job,
    delivery_id: idOf(state, planned),
    event_type: event,
    subscription: subscription ?? { endpoint, events: [], format: 'standard' },
    message: messageOf(state, planned),
    progress,
    ...(trace && { trace }),
  };
}

/** About what the activity of a delivery takes in a history, its body apart. */
const REQUEST_BYTES = 2 * KIB;

/** About what the command takes that has a delivery made. */
export function commandBytes({ bodyBytes }: Run, { body, progress }: PendingDelivery): number {
  return (bodyBytes.get(body) ?? 0) + REQUEST_BYTES + (progress ? jsonBytes(progress) : 0);
}

/** A pending delivery as readers see it. */
export function pendingView(state: RunState, planned: PendingDelivery): Delivery {
  const { endpoint, event } = planned;
  return {
    id: idOf(state, planned),
    endpoint,
    event,
    webhook_id: messageOf(state, planned).id,
    state: 'pending',
    attempts: [],
    attempt_count: 0,
  };
}

/** All that are pending, and the last that are settled. */
export function deliveriesOf({ state }: Run): Delivery[] {
  return [...state.settled, ...state.pending.map((planned) => pendingView(state, planned))];
}

/** The oldest pending delivery of an endpoint's queue is the one that is being tried. */
export function nextPending({ pending }: RunState, endpoint: string, queue: Queue): PendingDelivery | undefined {
  return pending.find((planned) => planned.endpoint === endpoint && queueOf(planned.event) === queue);
}

function isUnderWay(state: RunState, planned: PendingDelivery): boolean {
  return nextPending(state, planned.endpoint, queueOf(planned.event)) === planned;
}

/** Those that wait for another one of their endpoint. */
export function waiting({ state }: Run): readonly PendingDelivery[] {
  return state.pending.filter((planned) => !isUnderWay(state, planned));
}

/** Records what became of a delivery; of those that are settled only the last are kept, and all are counted. */
export function settle(run: Run, planned: PendingDelivery, result: DeliveryResult): void {
  const { state } = run;
  const request = requestFor(run, planned);
  const delivery = settledDelivery(request, result);
  const as = isOvertaken(delivery) ? 'overtaken' : result.state;
  state.settledCounts = { ...state.settledCounts, [as]: state.settledCounts[as] + 1 };
  state.settled = [...state.settled, delivery].slice(-MAX_SETTLED);
  state.pending = state.pending.filter((each) => each !== planned);
  if (state.pending.some(({ body }) => body === planned.body)) return;
  delete state.bodies[planned.body];
  run.bodyBytes.delete(planned.body);
}

function isOvertaken({ state, reason }: Delivery): boolean {
  return state === 'gone' && reason === OVERTAKEN;
}

/** Settles what nobody needs any more, and what no activity has a result of. */
export function overtake(run: Run, planned: PendingDelivery, progress = planned.progress ?? NO_PROGRESS): void {
  settle(run, planned, { state: 'gone', progress, reason: OVERTAKEN });
  run.overtaken = {
    count: run.overtaken.count + 1,
    last: [...run.overtaken.last, ...run.state.settled.slice(-1)].slice(-MAX_SETTLED),
  };
}

function overtakeWaiting(run: Run, which: (planned: PendingDelivery) => boolean): void {
  for (const planned of waiting(run)) if (which(planned)) overtake(run, planned);
}

/** Skips what has not been started yet of the job's course; what is under way is cancelled by its scope. */
export function overtakeCourse(run: Run): void {
  overtakeWaiting(run, ({ event }) => queueOf(event) === 'course');
}

/** Records how far a delivery has come that is still to be tried. */
export function advance({ state }: Run, planned: PendingDelivery, progress: DeliveryProgress): void {
  state.pending = state.pending.map((each) => (each === planned ? { ...planned, progress } : each));
}
