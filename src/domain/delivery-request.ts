import type { Delivery, DeliveryProgress, SettledState } from './delivery';
import type { EventType } from './event-type';
import type { JobName } from './identity';
import type { Message } from './message';
import type { NoticeType } from './notice';
import type { Subscription } from './subscription';
import type { TraceContext } from './trace-context';

/** One event to be sent to one endpoint. It stands in the run's history as it is, so a redelivery finds it there. */
export interface DeliveryRequest extends JobName {
  readonly delivery_id: string;
  readonly event_type: EventType | NoticeType;
  readonly subscription: Subscription;
  readonly message: Message;
  /** How far an earlier run had come with it. */
  readonly progress: DeliveryProgress;
  /** Whose trace its attempts belong to. Default: its run begins one. */
  readonly trace?: TraceContext;
}

/** What came of it, once it is settled. */
export interface DeliveryResult {
  readonly state: SettledState;
  readonly progress: DeliveryProgress;
  readonly reason?: string;
}

/** What one attempt came to: the delivery's end, or how far it has come and when to try again. */
export type AttemptResult = Settled | RetryLater;

export interface Settled extends DeliveryResult {
  readonly kind: 'settled';
}

export interface RetryLater {
  readonly kind: 'retry_later';
  /** Of the failure that the engine shows: `AttemptFailed`, `EndpointPaused`, `CircuitOpen` … */
  readonly type: string;
  /** For operators. */
  readonly why: string;
  readonly retry_in_ms: number;
  readonly progress: DeliveryProgress;
}

/** One event to several endpoints: the first attempt at each, side by side. What they share stands once: formats, and the trace. */
export interface FirstAttempts {
  readonly messages: readonly Message[];
  readonly deliveries: readonly FirstAttempt[];
  readonly trace?: TraceContext;
}

export interface FirstAttempt extends Omit<DeliveryRequest, 'message' | 'trace'> {
  /** Index into the messages. */
  readonly message: number;
}

/** By delivery id. One that is missing has not been attempted. */
export type FirstResults = Readonly<Record<string, AttemptResult>>;

/** A settled delivery as readers see it. */
export function settledDelivery(
  {
    delivery_id,
    event_type,
    subscription,
    message,
  }: Pick<DeliveryRequest, 'delivery_id' | 'event_type' | 'subscription' | 'message'>,
  { state, progress, reason }: DeliveryResult,
): Delivery {
  return {
    id: delivery_id,
    endpoint: subscription.endpoint,
    event: event_type,
    webhook_id: message.id,
    state,
    attempts: progress.attempts,
    attempt_count: progress.attempt_count,
    ...(reason === undefined ? {} : { reason }),
  };
}

export function firstAttempts(requests: readonly DeliveryRequest[]): FirstAttempts {
  const messages: Message[] = [];
  const known = new Map<Message | string, number>();
  const indexOf = (message: Message): number => {
    const same = known.get(message);
    if (same !== undefined) return same;
    const text = JSON.stringify(message);
    const index = known.get(text) ?? messages.push(message) - 1;
    known.set(message, index).set(text, index);
    return index;
  };
  const deliveries = requests.map(({ message, trace: _, ...request }) => ({ ...request, message: indexOf(message) }));
  const trace = requests.at(-1)?.trace; // they are of one job, whose last word it is
  return { messages, deliveries, ...(trace && { trace }) };
}

/** The inverse of {@link firstAttempts}. */
export function requestsOf({ messages, deliveries, trace }: FirstAttempts): DeliveryRequest[] {
  return deliveries.flatMap(({ message: index, ...request }) => {
    const message = messages[index];
    return message === undefined ? [] : [{ ...request, message, ...(trace && { trace }) }];
  });
}
