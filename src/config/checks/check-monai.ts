import type { MonaiConfig } from '../config';
import { DEFAULTS } from '../defaults';
import { type Fault, pointerTo } from '../fault';
import { checkPoll } from './check-poll';
import { checkTrack } from './check-track';
import { checkAmqpUrl, checkHttpUrl } from './check-url';
import { when } from './when';

const AT = pointerTo('providers', 'monai');

export function checkMonai(
  { enabled, rabbitmq, argo, poll, taskTimeoutMs, track }: MonaiConfig,
  endpointNames: readonly string[],
): readonly Fault[] {
  if (!enabled) return [];
  return [
    ...checkAmqpUrl(`${AT}/rabbitmq`, rabbitmq),
    ...checkHttpUrl(`${AT}/argo/url`, argo.url),
    ...when(argo.release !== 'none' && argo.url === '', {
      pointer: `${AT}/argo/url`,
      text: `is required, because release is ${argo.release} and that is asked of Argo`,
    }),
    ...checkPoll(`${AT}/poll`, poll),
    ...when(taskTimeoutMs <= 0, { pointer: `${AT}/task_timeout`, text: 'must be more than 0' }),
    ...when(track.auto && track.endpoints.length === 0, {
      pointer: `${AT}/track/endpoints`,
      text: `is required, because no endpoint is named ${DEFAULTS.monai.track.endpoints.join(' or ')}: name the endpoints that tasks are told at, or set auto to false`,
      follows: '/endpoints',
    }),
    ...checkTrack(`${AT}/track`, track, endpointNames),
  ];
}
