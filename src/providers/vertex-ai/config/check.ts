import { checkHostPort } from '../../../config/checks/check-host-port';
import { checkPoll } from '../../../config/checks/check-poll';
import { checkTrack } from '../../../config/checks/check-track';
import { checkHttpUrl } from '../../../config/checks/check-url';
import { when } from '../../../config/checks/when';
import type { VertexAiConfig } from '../../../config/config';
import { type Fault, pointerTo } from '../../../config/fault';

const AT = pointerTo('providers', 'vertex-ai');

export function checkVertexAi(vertexAi: VertexAiConfig, endpointNames: readonly string[]): readonly Fault[] {
  const { apiEndpoint, insecure, poll, track, pubsub } = vertexAi;
  return [
    ...when(insecure && apiEndpoint === '', {
      pointer: `${AT}/insecure`,
      text: 'is only for an emulator or a private endpoint; set api_endpoint to its host:port, or take insecure out',
    }),
    ...checkHostPort(`${AT}/api_endpoint`, apiEndpoint),
    ...checkPoll(`${AT}/poll`, poll),
    ...checkTrack(`${AT}/track`, track, endpointNames),
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
