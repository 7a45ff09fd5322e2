import type { TencentBatchSection } from '../../../schemas/types';
import { checkHostPort } from '../../config/checks/check-host-port';
import { checkOverdueAfter } from '../../config/checks/check-overdue-after';
import { checkPoll } from '../../config/checks/check-poll';
import { checkSweep } from '../../config/checks/check-sweep';
import { checkScopedTrack } from '../../config/checks/check-track';
import { checkHttpUrl } from '../../config/checks/check-url';
import { isLoopback } from '../../config/checks/is-loopback';
import { when } from '../../config/checks/when';
import type { Config, ScopedTrackConfig } from '../../config/config';
import { type Fault, pointerTo } from '../../config/fault';
import { resolvePoll } from '../../config/resolve-poll';
import { resolveOverdueAfter, resolveSafety, resolveSweep } from '../../config/resolve-sweep';
import { resolveScopedTrack } from '../../config/resolve-track';
import type { PollPace } from '../../domain/poll-pace';
import type { ConfigSection } from '../system';
import type { SweepPace } from '../watching';

export interface TencentBatchConfig {
  /** Where the jobs run: `ap-guangzhou`. */
  readonly region: string;
  /** Host, host:port or `http(s)://` URL of the API; '' for Tencent's public one. */
  readonly endpoint: string;
  /** '' for none: then its API is not asked. With secretKey or not at all. */
  readonly secretId: string;
  readonly secretKey: string;
  /** The secret part of the path that CMQ pushes to: `A-Z a-z 0-9 . _ ~ -`; '' for no such route. */
  readonly callbackToken: string;
  readonly poll: PollPace;
  readonly sweep: SweepPace;
  readonly safetyMs: number;
  readonly overdueAfterMs: number | null;
  readonly track: ScopedTrackConfig;
}

export const tencentBatchConfig: ConfigSection<'tencent-batch', TencentBatchConfig> = {
  resolve: resolveTencentBatch,
  check: checkTencentBatch,
  secretsOf: ({ secretKey, callbackToken }) => [secretKey, callbackToken],
  isUsed: ({ secretId }) => secretId !== '',
};

const DEFAULT = { region: 'ap-guangzhou' } as const;

function resolveTencentBatch(section: TencentBatchSection = {}): TencentBatchConfig {
  return {
    region: section.region ?? DEFAULT.region,
    endpoint: section.endpoint ?? '',
    secretId: section.secret_id ?? '',
    secretKey: section.secret_key ?? '',
    callbackToken: section.callback_token ?? '',
    poll: resolvePoll(section.poll),
    sweep: resolveSweep(section.sweep),
    safetyMs: resolveSafety(section.safety),
    overdueAfterMs: resolveOverdueAfter(section.overdue_after),
    track: resolveScopedTrack(section.track),
  };
}

/** What nobody guesses: 16 of 66 characters are 96 bits. */
const MIN_TOKEN = 16;

const AT = pointerTo('providers', 'tencent-batch');

function checkTencentBatch(
  { region, endpoint, secretId, secretKey, callbackToken, poll, track, ...config }: TencentBatchConfig,
  whole: Config,
): readonly Fault[] {
  return [
    ...checkApiEndpoint(`${AT}/endpoint`, endpoint),
    ...when((secretId === '') !== (secretKey === ''), {
      pointer: `${AT}/${secretId === '' ? 'secret_id' : 'secret_key'}`,
      text: 'is required: a request is signed with both secret_id and secret_key',
    }),
    ...when(callbackToken !== '' && callbackToken.length < MIN_TOKEN && !isLoopback(whole.gateway.host), {
      pointer: `${AT}/callback_token`,
      text: `must be ${MIN_TOKEN} characters or more, because the gateway listens on ${whole.gateway.host}, where others can guess`,
    }),
    ...checkPoll(`${AT}/poll`, poll),
    ...checkSweep(AT, config),
    ...checkOverdueAfter(AT, config),
    ...checkScopedTrack(`${AT}/track`, track, whole, (scope) =>
      scope === region
        ? undefined
        : `must be ${region}, the section's region: its jobs are the only ones that are asked about`,
    ),
  ];
}

function checkApiEndpoint(pointer: string, text: string): readonly Fault[] {
  if (text.includes('://')) return checkHttpUrl(pointer, text);
  if (text === '' || /^[A-Za-z0-9.-]+$/.test(text)) return [];
  if (/^[A-Za-z0-9.-]+:[0-9]{1,5}$/.test(text)) return checkHostPort(pointer, text);
  return [{ pointer, text: 'must be a host, a host:port, or a URL such as https://batch.tencentcloudapi.com' }];
}
