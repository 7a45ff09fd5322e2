import { formatDuration } from '../../domain/duration';
import { canTell } from '../../formats/vocabulary';
import type { Config, EndpointConfig } from '../config';
import { BOUNDS } from '../defaults';
import { type Fault, pointerTo } from '../fault';
import { checkFile } from './check-file';
import { checkReference } from './check-reference';
import { checkHttpUrl } from './check-url';

export function checkEndpoints({ endpoints, secrets }: Config): readonly Fault[] {
  const names = endpoints.map(({ name }) => name);
  return endpoints.flatMap((endpoint, index) => {
    const at = pointerTo('endpoints', index);
    return [
      ...checkName(`${at}/name`, endpoint.name, names.slice(0, index)),
      ...checkHttpUrl(`${at}/url`, endpoint.url),
      ...checkReference(`${at}/secret`, endpoint.secret, Object.keys(secrets), 'secret'),
      ...checkEvents(`${at}/events`, endpoint),
      ...checkTimes(at, endpoint),
      ...checkClientCertificate(`${at}/client_certificate`, endpoint.clientCertificate),
    ];
  });
}

function checkName(pointer: string, name: string, before: readonly string[]): readonly Fault[] {
  if (name.startsWith('inline-')) {
    return [{ pointer, text: 'must not begin with inline-, which names the endpoints given in a submission' }];
  }
  const first = name === '' ? -1 : before.indexOf(name);
  return first === -1
    ? []
    : [{ pointer, text: `"${name}" is the name of /endpoints/${first} already; give each its own` }];
}

function checkEvents(pointer: string, { events, format }: EndpointConfig): readonly Fault[] {
  return events.flatMap((event, index) =>
    event === undefined || canTell(format, event)
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

function checkClientCertificate(at: string, { cert, key }: EndpointConfig['clientCertificate']): readonly Fault[] {
  if ((cert === '') !== (key === '')) {
    const missing = cert === '' ? 'cert' : 'key';
    return [{ pointer: `${at}/${missing}`, text: 'is required: a client certificate needs both cert and key' }];
  }
  return [...checkFile(`${at}/cert`, cert), ...checkFile(`${at}/key`, key)];
}
