import { formatDuration } from '../../domain/duration';
import type { VertexAiConfig } from '../config';
import { BOUNDS } from '../defaults';
import { type Fault, pointerTo } from '../fault';
import { checkHostPort } from './check-host-port';
import { checkReference } from './check-reference';
import { checkHttpUrl } from './check-url';

const AT = pointerTo('providers', 'vertex-ai');

export function checkVertexAi(vertexAi: VertexAiConfig, endpointNames: readonly string[]): readonly Fault[] {
  const { apiEndpoint, insecure, poll, track, pubsub } = vertexAi;
  return [
    ...when(insecure && apiEndpoint === '', {
      pointer: `${AT}/insecure`,
      text: 'is only for an emulator or a private endpoint; set api_endpoint to its host:port, or take insecure out',
    }),
    ...checkHostPort(`${AT}/api_endpoint`, apiEndpoint),
    ...checkPoll(poll),
    ...track.endpoints.flatMap((name, index) =>
      checkReference(`${AT}/track/endpoints/${index}`, name, endpointNames, 'endpoint'),
    ),
    ...when((pubsub.push.audience === '') !== (pubsub.push.serviceAccounts.length === 0), {
      pointer: `${AT}/pubsub/push`,
      text: "needs both audience and service_accounts, or neither: one alone does not tell your pushes from anybody else's",
    }),
    ...checkHttpUrl(`${AT}/pubsub/push/jwks_uri`, pubsub.push.jwksUri),
    ...when(
      pubsub.pull.subscription !== '' && !/^projects\/[^/]+\/subscriptions\/[^/]+$/.test(pubsub.pull.subscription),
      {
        pointer: `${AT}/pubsub/pull/subscription`,
        text: 'must be projects/{project}/subscriptions/{name}',
      },
    ),
    ...checkHostPort(`${AT}/pubsub/pull/api_endpoint`, pubsub.pull.apiEndpoint),
  ];
}

function checkPoll({ firstMs, maxMs }: VertexAiConfig['poll']): readonly Fault[] {
  return [
    ...when(firstMs < BOUNDS.minPollMs, {
      pointer: `${AT}/poll/first`,
      text: `must be ${formatDuration(BOUNDS.minPollMs)} or more`,
    }),
    ...when(firstMs > maxMs, {
      pointer: `${AT}/poll/first`,
      text: `must not be longer than max, which is ${formatDuration(maxMs)}`,
    }),
  ];
}

function when(wrong: boolean, fault: Fault): readonly Fault[] {
  return wrong ? [fault] : [];
}
