import type { MonaiSection } from '../../../../schemas/types';
import type { MonaiConfig } from '../../../config/config';
import { DEFAULTS } from '../../../config/defaults';
import { resolvePoll } from '../../../config/resolve-poll';
import { resolveTrack } from '../../../config/resolve-track';
import { parseDuration } from '../../../domain/duration';

const { monai: DEFAULT } = DEFAULTS;

/**
 * @param section undefined where the file has none, which switches the provider off
 * @param endpointNames those that are configured: the default of `track.endpoints` is one of them or none
 */
export function resolveMonai(section: MonaiSection | undefined, endpointNames: readonly string[]): MonaiConfig {
  const { rabbitmq, exchange, queue_prefix, argo = {}, poll, task_timeout, track } = section ?? {};
  return {
    enabled: section !== undefined,
    rabbitmq: rabbitmq ?? DEFAULT.rabbitmq,
    exchange: exchange ?? DEFAULT.exchange,
    queuePrefix: queue_prefix ?? '',
    argo: {
      url: (argo.url ?? '').replace(/\/+$/, ''),
      namespace: argo.namespace ?? DEFAULT.argo.namespace,
      token: argo.token ?? '',
      release: argo.release ?? DEFAULT.argo.release,
    },
    poll: resolvePoll(poll),
    taskTimeoutMs: task_timeout === undefined ? DEFAULT.taskTimeoutMs : parseDuration(task_timeout),
    track: resolveTrack(track, {
      auto: DEFAULT.track.auto,
      endpoints: section === undefined ? [] : DEFAULT.track.endpoints.filter((name) => endpointNames.includes(name)),
    }),
  };
}
