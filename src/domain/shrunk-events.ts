import { shrunkStatus } from './bounded-status';
import type { JobEvent } from './event';

/**
 * The same event, smaller and smaller, in a fixed order: an event that does not fit is sent smaller, and never not at all.
 * What is missing is said: `artifacts_total`, ` … (N bytes more)`, `metadata_omitted`.
 */
export function* shrunkEvents(event: JobEvent): Generator<JobEvent> {
  let smaller = event;
  for (const step of [1, 2, 3] as const) {
    const { native, ...status } = shrunkStatus({ ...event.data, ...(event.native && { native: event.native }) }, step);
    smaller = { ...event, native: native ?? event.native, data: { ...event.data, ...status } };
    yield smaller;
  }
  smaller = { ...smaller, data: { ...smaller.data, metadata: {}, metadata_omitted: true } };
  yield smaller;
  yield { ...smaller, data: { ...smaller.data, labels: {}, labels_omitted: true } };
}
