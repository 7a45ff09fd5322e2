import type { EndpointSection, EventName } from '../../../schemas/types';
import { networkFor } from '../../channels/webhook/guard/network-for';
import { formatDuration } from '../../domain/duration';
import { eventTypeOf, supportsEvent } from '../../formats/vocabulary';
import type { Config, EndpointConfig, NetworkConfig, WebhookEndpoint } from '../config';
import { BOUNDS } from '../defaults';
import { type Fault, pointerTo } from '../fault';
import { checkEndpointKeys } from './check-endpoint-keys';
import { checkFile } from './check-file';
import { checkHeaders } from './check-headers';
import { checkHostPort } from './check-host-port';
import { checkCidrs } from './check-network';
import { checkReference } from './check-reference';
import { checkAmqpName, checkAmqpUrl, checkWebhookUrl } from './check-url';

/** @param sections the endpoints as written */
export function checkEndpoints(
  { endpoints, secrets, network }: Config,
  sections: readonly (EndpointSection | undefined)[],
): readonly Fault[] {
  const names = endpoints.map(({ name }) => name);
  return endpoints.flatMap((endpoint, index) => {
    const at = pointerTo('endpoints', index);
    const section = sections[index];
    if (section === undefined) return [];
    const ofItsType = [
      ...checkEndpointKeys(at, endpoint.type, section),
      ...checkChannel(at, endpoint, section, Object.keys(secrets), network),
    ];
    return [
      ...checkName(`${at}/name`, endpoint.name, names.slice(0, index)),
      ...checkEvents(`${at}/events`, section.events ?? [], endpoint.format),
      ...checkTimes(at, endpoint),
      ...ofItsType.map((fault) => ({ ...fault, follows: `${at}/type` })),
    ];
  });
}

function checkChannel(
  at: string,
  endpoint: EndpointConfig,
  { headers }: Partial<EndpointSection>,
  secretNames: readonly string[],
  network: NetworkConfig,
): readonly Fault[] {
  switch (endpoint.type) {
    case 'webhook':
      return [
        ...checkCidrs(`${at}/network/allow`, endpoint.network?.allow ?? []),
        ...checkWebhookUrl(`${at}/url`, endpoint.url, networkFor(endpoint, network)),
        ...checkReference(`${at}/secret`, endpoint.secret, secretNames, 'secret'),
        ...checkHeaders(`${at}/headers`, headers ?? {}),
        ...checkClientCertificate(`${at}/client_certificate`, endpoint.clientCertificate),
      ];
    case 'kafka':
      return endpoint.brokers.flatMap((broker, index) => checkHostPort(`${at}/brokers/${index}`, broker));
    case 'rabbitmq':
      return [
        ...checkAmqpUrl(`${at}/url`, endpoint.url),
        ...checkAmqpName(`${at}/exchange`, endpoint.exchange),
        ...checkAmqpName(`${at}/routing_key`, endpoint.routingKey),
      ];
  }
}

function checkName(pointer: string, name: string, before: readonly string[]): readonly Fault[] {
  if (name === 'inline' || name.startsWith('inline-')) {
    return [
      { pointer, text: 'must not be inline or begin with inline-, which names the endpoints given in a submission' },
    ];
  }
  const first = name === '' ? -1 : before.indexOf(name);
  return first === -1
    ? []
    : [{ pointer, text: `"${name}" is the name of /endpoints/${first} already; give each its own` }];
}

/** @param events as written, because the faults name their places in the file */
function checkEvents(
  pointer: string,
  events: readonly (EventName | undefined)[],
  format: EndpointConfig['format'],
): readonly Fault[] {
  return events.flatMap((event, index) =>
    event === undefined || supportsEvent(format, eventTypeOf(event))
      ? []
      : [
          {
            pointer: `${pointer}/${index}`,
            text: `the format ${format} has no word for ${event}; take it out, or use another format`,
          },
        ],
  );
}

function checkTimes(at: string, { timeoutMs, retry }: EndpointConfig): readonly Fault[] {
  const faults: Fault[] = [];
  if (timeoutMs <= 0 || timeoutMs > BOUNDS.maxTimeoutMs) {
    faults.push({
      pointer: `${at}/timeout`,
      text: `must be more than 0 and at most ${formatDuration(BOUNDS.maxTimeoutMs)}`,
    });
  }
  if (retry.firstMs <= 0) {
    faults.push({ pointer: `${at}/retry/first`, text: 'must be more than 0' });
  } else if (retry.firstMs > retry.maxMs) {
    const text = `must not be longer than max, which is ${formatDuration(retry.maxMs)}`;
    faults.push({ pointer: `${at}/retry/first`, text });
  }
  return faults;
}

function checkClientCertificate(at: string, { cert, key }: WebhookEndpoint['clientCertificate']): readonly Fault[] {
  if ((cert === '') !== (key === '')) {
    const missing = cert === '' ? 'cert' : 'key';
    return [{ pointer: `${at}/${missing}`, text: 'is required: a client certificate needs both cert and key' }];
  }
  return [...checkFile(`${at}/cert`, cert), ...checkFile(`${at}/key`, key)];
}
