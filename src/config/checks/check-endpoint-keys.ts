import type { EndpointSection } from '../../../schemas/types';
import type { EndpointConfig } from '../config';
import type { Fault } from '../fault';

type Key = keyof EndpointSection;

/** The keys that an endpoint of a type has beyond those that every endpoint has. */
const KEYS: Readonly<Record<EndpointConfig['type'], { readonly must: readonly Key[]; readonly may: readonly Key[] }>> =
  {
    webhook: { must: ['url'], may: ['secret', 'headers', 'client_certificate', 'network'] },
    kafka: { must: ['brokers', 'topic'], may: ['sasl', 'tls'] },
    rabbitmq: { must: ['url', 'exchange', 'routing_key'], may: [] },
  };

const OF_SOME_TYPE: readonly Key[] = [...new Set(Object.values(KEYS).flatMap(({ must, may }) => [...must, ...may]))];

/**
 * That an endpoint has the keys that its channel needs, and none that belong to another: a secret at a topic would
 * look as if something were signed.
 * @param at pointer of the endpoint
 */
export function checkEndpointKeys(
  at: string,
  type: EndpointConfig['type'],
  section: Partial<EndpointSection>,
): readonly Fault[] {
  const { must, may } = KEYS[type];
  const missing = must.filter((key) => section[key] === undefined);
  const foreign = OF_SOME_TYPE.filter((key) => section[key] !== undefined && ![...must, ...may].includes(key));
  return [
    ...missing.map((key) => ({ pointer: `${at}/${key}`, text: 'is required' })),
    ...foreign.map((key) => ({ pointer: `${at}/${key}`, text: foreignText(key, type) })),
  ];
}

function foreignText(key: Key, type: EndpointConfig['type']): string {
  const types = Object.entries(KEYS)
    .filter(([, { must, may }]) => [...must, ...may].includes(key))
    .map(([owner]) => owner);
  return `is for endpoints of type ${types.join(' or ')}, and this one is of type ${type}; take it out, or change type`;
}
