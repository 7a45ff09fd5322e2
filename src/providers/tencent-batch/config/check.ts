import { checkHostPort } from '../../../config/checks/check-host-port';
import { checkPoll } from '../../../config/checks/check-poll';
import { checkTrack } from '../../../config/checks/check-track';
import { checkHttpUrl } from '../../../config/checks/check-url';
import { isLoopback } from '../../../config/checks/is-loopback';
import { when } from '../../../config/checks/when';
import type { TencentBatchConfig } from '../../../config/config';
import { type Fault, pointerTo } from '../../../config/fault';

/** What nobody guesses: 16 of 66 characters are 96 bits. */
const MIN_TOKEN = 16;

const AT = pointerTo('providers', 'tencent-batch');

export function checkTencentBatch(
  { endpoint, secretId, secretKey, callbackToken, poll, track }: TencentBatchConfig,
  endpointNames: readonly string[],
  gatewayHost: string,
): readonly Fault[] {
  return [
    ...checkApiEndpoint(`${AT}/endpoint`, endpoint),
    ...when((secretId === '') !== (secretKey === ''), {
      pointer: `${AT}/${secretId === '' ? 'secret_id' : 'secret_key'}`,
      text: 'is required: a request is signed with both secret_id and secret_key',
    }),
    ...when(callbackToken !== '' && callbackToken.length < MIN_TOKEN && !isLoopback(gatewayHost), {
      pointer: `${AT}/callback_token`,
      text: `must be ${MIN_TOKEN} characters or more, because the gateway listens on ${gatewayHost}, where others can guess`,
    }),
    ...checkPoll(`${AT}/poll`, poll),
    ...checkTrack(`${AT}/track`, track, endpointNames),
  ];
}

function checkApiEndpoint(pointer: string, text: string): readonly Fault[] {
  if (text.includes('://')) return checkHttpUrl(pointer, text);
  if (text === '' || /^[A-Za-z0-9.-]+$/.test(text)) return [];
  if (/^[A-Za-z0-9.-]+:[0-9]{1,5}$/.test(text)) return checkHostPort(pointer, text);
  return [{ pointer, text: 'must be a host, a host:port, or a URL such as https://batch.tencentcloudapi.com' }];
}
