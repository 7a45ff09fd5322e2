import type { JobEvent } from '../../domain/event';
import { PASSED_THROUGH_EVENT_TYPES, TERMINAL_EVENT_TYPES } from '../../domain/event-type';
import { type JsonObject, objectAt } from '../../domain/json';
import { parseRfc3339 } from '../../domain/parse-time';
import type { EventVar } from '../../domain/subscription';
import type { EventFormat, RenderContext, Rendered } from '../../formats/format';
import { isTencentEventName, type TencentEventName, TYPE_OF_NAME } from './event-name';

export const tencentBatchFormat: EventFormat = {
  render: renderTencentBatch,
  events: ['job.running', ...TERMINAL_EVENT_TYPES, ...PASSED_THROUGH_EVENT_TYPES],
  ownNames: { types: TYPE_OF_NAME, nameOf: eventNameOf },
};

const EVENT_VERSION = '1.0';

/**
 * The `tencent-batch` body: `{Events: [{EventVersion, EventTime, Region, Batch, EventName, EventVars}]}` with one event,
 * for the jobs of any provider. Tencent's own events of tasks, task instances and machines pass through unchanged.
 * Pure: it runs inside the workflow.
 * Source: https://www.tencentcloud.com/document/product/599/17924 (event notice and callback)
 */
export function renderTencentBatch(event: JobEvent, { vars, selected }: RenderContext): Rendered {
  const name = eventNameOf(event);
  const rendered =
    event.data.event ?? jobEvent(event, name, selected?.find((each) => each.name === name)?.vars ?? vars);
  return { content_type: 'application/json', headers: {}, body: JSON.stringify({ Events: [rendered] }) };
}

/**
 * Tencent's name for an event; undefined where Tencent has none (`job.progress`, `job.stalled`). A canceled job is
 * JOB_FAILED, as a terminated one is at Tencent; so is a partially failed one.
 */
export function eventNameOf({ type, data }: JobEvent): TencentEventName | undefined {
  if (data.event) return ownName(data.event);
  switch (type) {
    case 'job.running':
      return 'JOB_RUNNING';
    case 'job.succeeded':
      return 'JOB_SUCCEED';
    case 'job.failed':
      return data.reason === 'FAILED_INTERRUPTED' ? 'JOB_FAILED_INTERRUPTED' : 'JOB_FAILED';
    case 'job.partially_failed':
    case 'job.canceled':
      return 'JOB_FAILED';
    default:
      return undefined;
  }
}

function jobEvent(event: JobEvent, name: TencentEventName | undefined, vars: readonly EventVar[] = []): object {
  const { type, timestamp, data, native } = event;
  const reason = type === 'job.canceled' ? 'Canceled' : (data.message ?? data.error?.message ?? null);
  return {
    EventVersion: EVENT_VERSION,
    EventTime: utcSeconds(timestamp),
    Region: typeof native?.['Region'] === 'string' ? native['Region'] : '',
    Batch: {
      ...objectAt(native ?? {}, 'Batch'),
      JobId: data.job,
      // The event's state, not the provider's a moment before or after.
      JobState: name?.replace(/^JOB_/, '') ?? data.provider_state,
      ...(reason !== null && { StateReason: reason }),
    },
    EventName: name ?? type,
    EventVars: vars.map(({ name: Name, value: Value }) => ({ Name, Value })),
  };
}

/** `2026-03-01T08:00:00Z`: Tencent's times are in UTC, without fractions of a second. */
function utcSeconds(timestamp: string): string {
  return (
    parseRfc3339(timestamp)
      ?.toISOString()
      .replace(/\.\d+Z$/, 'Z') ?? timestamp
  );
}

function ownName({ EventName }: JsonObject): TencentEventName | undefined {
  return typeof EventName === 'string' && isTencentEventName(EventName) ? EventName : undefined;
}
