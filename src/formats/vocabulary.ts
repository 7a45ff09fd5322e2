import type { JobEvent } from '../domain/event';
import { EVENT_TYPES, type EventType, TERMINAL_EVENT_TYPES } from '../domain/event-type';
import type { Subscription } from '../domain/subscription';
import { SYSTEM_FORMATS } from '../providers/workflow-registry';
import { renderCloudEvent } from './cloudevents';
import type { EventFormat, EventNames } from './format';
import { renderStandard } from './standard';

/** Ours, then those of the systems. */
const EVENT_FORMATS = {
  standard: { render: renderStandard, events: EVENT_TYPES },
  cloudevents: { render: renderCloudEvent, events: EVENT_TYPES },
  ...SYSTEM_FORMATS,
} satisfies Readonly<Record<string, EventFormat>>;

/** The name of the shape of an event's body. */
export type Format = keyof typeof EVENT_FORMATS;
export const FORMATS = Object.keys(EVENT_FORMATS) as readonly Format[];

/** @throws {Error} for a name that is none: submission and configuration refuse those */
export function toFormat(name: string): Format {
  if (!Object.hasOwn(EVENT_FORMATS, name)) throw new Error(`unknown format ${name}`);
  return name as Format;
}

export function formatNamed(name: string): EventFormat {
  return EVENT_FORMATS[toFormat(name)];
}

/** Whether a format can express an event. */
export function supportsEvent(format: string, event: EventType): boolean {
  return formatNamed(format).events.includes(event);
}

/** What an endpoint of this format is notified of when its configuration does not say. */
export function defaultEvents(format: string): readonly EventType[] {
  return [...(formatNamed(format).defaultEvents ?? []), ...TERMINAL_EVENT_TYPES];
}

const OWN_NAMES: readonly EventNames[] = Object.values<EventFormat>(EVENT_FORMATS).flatMap(
  ({ ownNames }) => ownNames ?? [],
);

/** The event type that a name stands for, ours or a system's own. */
export function eventTypeOf(name: string): EventType {
  const names = OWN_NAMES.find(({ types }) => Object.hasOwn(types, name));
  return names?.types[name] ?? (name as EventType);
}

/** Whether a subscriber is to be notified of an event. */
export function isSubscribed({ events, selected }: Subscription, event: JobEvent): boolean {
  if (!selected) return events.includes(event.type);
  const names = OWN_NAMES.map(({ nameOf }) => nameOf(event));
  return selected.some(({ name }) => names.includes(name));
}
