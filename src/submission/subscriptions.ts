import { createHash } from 'node:crypto';
import type { EndpointChoice, EventName, InlineEndpoint, NamedEndpoint } from '../../schemas/types';
import { checkUrl } from '../channels/webhook/guard/check-url';
import { inlineNetwork } from '../channels/webhook/guard/network-for';
import type { Config } from '../config/config';
import type { EventType } from '../domain/event-type';
import type { Fault } from '../domain/jobherald-error';
import type { Subscription } from '../domain/subscription';
import { defaultEvents, eventTypeOf, type Format, supportsEvent } from '../formats/vocabulary';
import { SYSTEMS } from '../providers/registry';
import { notConfigured, unknownSecret, unsupportedEvent } from './refusals';

/**
 * Resolves the endpoints of a submission to what the run notifies each of.
 * Events and format are fixed here and now; URL, secret and headers are read again at each attempt.
 * @returns the subscriptions, and every fault there is, each with the JSON pointer of what is wrong
 */
export function resolveSubscriptions(
  choices: readonly EndpointChoice[],
  config: Config,
  defaults: DefaultEvents = { overdue: false },
): { readonly subscriptions: readonly Subscription[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const subscriptions: Subscription[] = [];

  choices.forEach((choice, i) => {
    const pointer = `/endpoints/${i}`;
    const resolved = isInline(choice)
      ? inlineSubscription(choice, pointer, config, defaults)
      : namedSubscription(typeof choice === 'string' ? { name: choice } : choice, pointer, config, defaults);
    faults.push(...resolved.faults);
    if (!resolved.subscription) return;
    const { endpoint } = resolved.subscription;
    if (subscriptions.some((other) => other.endpoint === endpoint)) {
      faults.push({ pointer, detail: `endpoint ${endpoint} is named twice; name it once, with all its events` });
    }
    subscriptions.push(resolved.subscription);
  });
  return { subscriptions, faults };
}

/** What an endpoint is notified of, where neither the submission nor its configuration says, beside the format's own. */
export interface DefaultEvents {
  /** The job can become overdue. */
  readonly overdue: boolean;
}

function withOverdue(events: readonly EventType[], format: string, { overdue }: DefaultEvents): readonly EventType[] {
  return overdue && supportsEvent(format, 'job.overdue') ? [...events, 'job.overdue'] : events;
}

/** The name of an endpoint that only one job uses. */
export function inlineEndpointName(url: string): string {
  return `inline-${createHash('sha256').update(url).digest('hex').slice(0, 12)}`;
}

interface Resolved {
  readonly subscription?: Subscription;
  readonly faults: readonly Fault[];
}

function namedSubscription(
  { name, events, vars }: NamedEndpoint,
  pointer: string,
  config: Config,
  defaults: DefaultEvents,
): Resolved {
  const endpoint = config.endpoints.find((candidate) => candidate.name === name);
  if (!endpoint) return { faults: [{ pointer, detail: notConfigured(name, config) }] };
  return {
    subscription: {
      endpoint: name,
      events: events
        ? typesOf(events)
        : endpoint.hasDefaultEvents
          ? withOverdue(endpoint.events, endpoint.format, defaults)
          : endpoint.events,
      format: endpoint.format,
      ...optional({ vars }),
      ...settingsFor(endpoint.format, config),
    },
    faults: unsupportedEvents(events ?? [], endpoint.format, pointer),
  };
}

function inlineSubscription(
  choice: InlineEndpoint,
  pointer: string,
  config: Config,
  defaults: DefaultEvents,
): Resolved {
  const { url, secret, events, format = 'standard', vars } = choice;
  const faults = [...unsupportedEvents(events ?? [], format, pointer)];
  const refusal = refusedUrl(url, config);
  if (refusal !== undefined) faults.push({ pointer: `${pointer}/url`, detail: refusal });
  if (secret !== undefined && !Object.hasOwn(config.secrets, secret)) {
    // A key given where a name belongs must not come back in an answer, nor stand in a log.
    const what = /^wh[a-z]+_/.test(secret)
      ? 'this is a key, not a name, and should be replaced'
      : unknownSecret(secret, config);
    const detail = `${what}; name a member of "secrets" in the configuration`;
    faults.push({ pointer: `${pointer}/secret`, detail });
  }
  return {
    subscription: {
      endpoint: inlineEndpointName(url),
      inline: { url, ...optional({ secret }) },
      events: events ? typesOf(events) : withOverdue(defaultEvents(format), format, defaults),
      format,
      ...optional({ vars }),
      ...settingsFor(format, config),
    },
    faults,
  };
}

/** Why a submission may not bring this URL along. */
function refusedUrl(url: string, { gateway, network }: Config): string | undefined {
  const { inlineEndpoints } = gateway;
  if (inlineEndpoints === 'off') {
    return 'endpoints by URL are switched off (gateway.inline_endpoints: off); name a configured endpoint';
  }
  const check = checkUrl(url, inlineNetwork(network, inlineEndpoints));
  if (check.ok) return undefined;
  if (!checkUrl(url, network).ok) return check.reason;
  return `${check.reason}; network.allow is for configured endpoints, unless gateway.inline_endpoints is all`;
}

/** What the format of a subscription needs of the configuration, if it is a system's own. */
export function settingsFor(format: string, { providers }: Config): Pick<Subscription, 'source'> {
  const system = SYSTEMS.find(({ name }) => name === format);
  return system?.formatSettings?.(providers[system.name]) ?? {};
}

/** Several names may stand for one event. */
function typesOf(names: readonly EventName[]): readonly EventType[] {
  return [...new Set(names.map(eventTypeOf))];
}

/** Events asked for by name that the endpoint's format has no word for. */
function unsupportedEvents(events: readonly EventName[], format: Format, pointer: string): Fault[] {
  return events.flatMap((event, i) =>
    supportsEvent(format, eventTypeOf(event))
      ? []
      : [{ pointer: `${pointer}/events/${i}`, detail: unsupportedEvent(event, format) }],
  );
}

function isInline(choice: EndpointChoice): choice is InlineEndpoint {
  return typeof choice === 'object' && 'url' in choice;
}

function optional<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}
