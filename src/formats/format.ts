import type { JobEvent } from '../domain/event';
import type { EventType } from '../domain/event-type';
import type { BrokerProperties, Message } from '../domain/message';
import type { Subscription } from '../domain/subscription';

/** The shape of a body, and the events that it can express. It runs inside the workflow: no `node:`, no configuration. */
export interface EventFormat {
  readonly render: RenderFormat;
  /** The events it can express. One of another type that is asked for by name is refused at submission. */
  readonly events: readonly EventType[];
  /** What an endpoint of this format is notified of besides terminal events, where nobody says otherwise. Default: nothing. */
  readonly defaultEvents?: readonly EventType[];
  /** Where the system has names of its own for events. */
  readonly ownNames?: EventNames;
}

/** A system's own names for events: they may stand wherever an event type may. */
export interface EventNames {
  readonly types: Readonly<Record<string, EventType>>;
  /** The name of one event, where the system has one: two names may stand for one event type, and one for several. */
  nameOf(event: JobEvent): string | undefined;
}

/**
 * Renders an event for an endpoint. Pure and without imports but the domain: it runs inside the workflow,
 * once for each event and subscription, and what it returns is sent unchanged ever after.
 */
export type RenderFormat = (event: JobEvent, context: RenderContext) => Rendered;

/** What a rendering needs to know of whom it is for. */
export type RenderContext = Pick<Subscription, 'vars' | 'selected' | 'source'>;

export interface Rendered extends Omit<Message, 'id' | 'broker'> {
  /** Where the format has its own say in what a broker receives. */
  readonly broker?: Partial<BrokerProperties>;
}
