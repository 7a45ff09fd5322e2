import { EVENT_TYPES, type EventType, TERMINAL_EVENT_TYPES } from '../domain/event-type';
import type { Format } from '../domain/subscription';

/** The events that a format has a word for. One asked for by name that it has none for is refused at submission. */
const VOCABULARY: Readonly<Record<Format, readonly EventType[]>> = {
  standard: EVENT_TYPES,
  cloudevents: EVENT_TYPES,
  'vertex-ai': TERMINAL_EVENT_TYPES,
};

export function canTell(format: Format, event: EventType): boolean {
  return VOCABULARY[format].includes(event);
}

/** What an endpoint is told when its configuration does not say. */
export function defaultEvents(): readonly EventType[] {
  return TERMINAL_EVENT_TYPES;
}
