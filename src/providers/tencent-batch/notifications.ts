import type { EventVar, NotificationChoice } from '../../../schemas/types';
import type { Config } from '../../config/config';
import type { EventType } from '../../domain/event-type';
import type { Fault } from '../../domain/jobherald-error';
import type { Subscription } from '../../domain/subscription';
import { supportsEvent } from '../../formats/vocabulary';
import { notConfigured, unsupportedEvent } from '../../submission/refusals';
import type { NotificationShape, ResolvedNotifications } from '../system';
import { eventTypeOfName, type TencentEventName } from './event-name';

/** Notifications in Tencent Batch's own shape, in both spellings that its API and its tools have. */
export const tencentNotifications: NotificationShape = {
  members: ['notifications', 'Notifications'],
  resolve: (value, at, config) => resolveNotifications(value as readonly NotificationChoice[], at, config),
};

/**
 * Resolves the notifications of a submission, in Tencent Batch's own shape, to what the run will send to whom: exactly the
 * events listed, each with its own vars, at the endpoints that the topics name. A topic given twice is one endpoint
 * with the events of both. Source: https://www.tencentcloud.com/document/product/599/17924 (event notice and callback)
 * @param at the pointer of the list, as it was sent
 */
function resolveNotifications(
  choices: readonly NotificationChoice[],
  at: string,
  config: Config,
): ResolvedNotifications {
  const faults: Fault[] = [];
  const wishes = new Map<string, Wish[]>();
  choices.forEach((choice, i) => {
    const { topic, pointer, events } = read(choice, `${at}/${i}`);
    const endpoint = config.endpoints.find(({ name }) => name === topic);
    if (!endpoint) {
      faults.push({ pointer, detail: notConfigured(topic, config) });
      return;
    }
    const wished = wishes.get(topic) ?? [];
    wishes.set(topic, wished);
    for (const wish of events) {
      if (!supportsEvent(endpoint.format, eventTypeOfName(wish.name))) {
        faults.push({ pointer: wish.pointer, detail: unsupportedEvent(wish.name, endpoint.format) });
      }
      // As Tencent's own InvalidParameter.NotificationEventNameDuplicate: which vars would hold?
      if (wished.some(({ name }) => name === wish.name)) {
        faults.push({ pointer: wish.pointer, detail: `${wish.name} is listed twice for ${topic}; list it once` });
      }
      wished.push(wish);
    }
  });
  const subscriptions = config.endpoints.flatMap(({ name, format }): Subscription[] => {
    const wished = wishes.get(name);
    if (!wished) return [];
    const selected = wished.map(({ name: event, vars }) => ({ name: event, vars }));
    return [{ endpoint: name, events: typesOf(wished), format, selected }];
  });
  return { subscriptions, faults };
}

/** An event that an endpoint is subscribed to. */
interface Wish {
  readonly name: TencentEventName;
  /** Where its name stands in what was sent. */
  readonly pointer: string;
  readonly vars: readonly EventVar[];
}

/** The one shape of both cases. */
function read(choice: NotificationChoice, at: string): { topic: string; pointer: string; events: readonly Wish[] } {
  if ('topic_name' in choice) {
    const events = choice.event_configs.map(({ event_name, event_vars = [] }, i) => ({
      name: event_name,
      pointer: `${at}/event_configs/${i}/event_name`,
      vars: event_vars,
    }));
    return { topic: choice.topic_name, pointer: `${at}/topic_name`, events };
  }
  const events = choice.EventConfigs.map(({ EventName, EventVars = [] }, i) => ({
    name: EventName,
    pointer: `${at}/EventConfigs/${i}/EventName`,
    vars: EventVars.map(({ Name, Value }) => ({ name: Name, value: Value })),
  }));
  return { topic: choice.TopicName, pointer: `${at}/TopicName`, events };
}

/** Tencent's JOB_FAILED is all that is no success and has no name of its own: see eventNameOf in its format. */
const ALSO: Readonly<Partial<Record<TencentEventName, readonly EventType[]>>> = {
  JOB_FAILED: ['job.canceled', 'job.partially_failed'],
};

function typesOf(wished: readonly Wish[]): readonly EventType[] {
  return [...new Set(wished.flatMap(({ name }) => [eventTypeOfName(name), ...(ALSO[name] ?? [])]))];
}
