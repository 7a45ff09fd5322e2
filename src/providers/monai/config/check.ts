import { checkPoll } from '../../../config/checks/check-poll';
import { checkTrack } from '../../../config/checks/check-track';
import { checkAmqpUrl, checkHttpUrl } from '../../../config/checks/check-url';
import { when } from '../../../config/checks/when';
import type { MonaiConfig } from '../../../config/config';
import { DEFAULTS } from '../../../config/defaults';
import { type Fault, pointerTo } from '../../../config/fault';

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
