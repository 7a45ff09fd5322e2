import { EVENT_TYPES, type EventType, PASSED_THROUGH_EVENT_TYPES, TERMINAL_EVENT_TYPES } from '../domain/event-type';
import type { Format } from '../domain/subscription';

/** The events that a format has a word for. One asked for by name that it has none for is refused at submission. */
const VOCABULARY: Readonly<Record<Format, readonly EventType[]>> = {
  standard: EVENT_TYPES,
  cloudevents: EVENT_TYPES,
  'vertex-ai': TERMINAL_EVENT_TYPES,
  'tencent-batch': ['job.running', ...TERMINAL_EVENT_TYPES, ...PASSED_THROUGH_EVENT_TYPES],
  monai: ['job.running', ...TERMINAL_EVENT_TYPES],
  'spec-001': ['job.running', 'job.progress', ...TERMINAL_EVENT_TYPES],
};

/** What a format tells besides ends unless the configuration or the submission says otherwise. */
const ALSO_TOLD: Readonly<Partial<Record<Format, readonly EventType[]>>> = {
  monai: ['job.running'],
  'spec-001': ['job.running', 'job.progress'],
};

export function supportsEvent(format: Format, event: EventType): boolean {
  return VOCABULARY[format].includes(event);
}

/** What an endpoint of this format is told when its configuration does not say. */
export function defaultEvents(format: Format): readonly EventType[] {
  return [...(ALSO_TOLD[format] ?? []), ...TERMINAL_EVENT_TYPES];
}
