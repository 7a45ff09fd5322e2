import type { TencentBatchSection } from '../../../../schemas/types';
import type { TencentBatchConfig } from '../../../config/config';
import { DEFAULTS } from '../../../config/defaults';
import { resolvePoll } from '../../../config/resolve-poll';
import { resolveTrack } from '../../../config/resolve-track';

const { tencentBatch: DEFAULT } = DEFAULTS;

export function resolveTencentBatch(section: TencentBatchSection): TencentBatchConfig {
  return {
    region: section.region ?? DEFAULT.region,
    endpoint: section.endpoint ?? '',
    secretId: section.secret_id ?? '',
    secretKey: section.secret_key ?? '',
    callbackToken: section.callback_token ?? '',
    poll: resolvePoll(section.poll),
    track: resolveTrack(section.track, DEFAULT.track),
  };
}
