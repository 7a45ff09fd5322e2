import type { MonaiSection } from '../../../schemas/types';
import { checkOverdueAfter } from '../../config/checks/check-overdue-after';
import { checkPoll } from '../../config/checks/check-poll';
import { checkSweep } from '../../config/checks/check-sweep';
import { checkTrack } from '../../config/checks/check-track';
import { checkAmqpName, checkAmqpUrl, checkHttpUrl } from '../../config/checks/check-url';
import { when } from '../../config/checks/when';
import type { Config, TrackConfig } from '../../config/config';
import { type Fault, pointerTo } from '../../config/fault';
import { passwordsIn } from '../../config/passwords-in';
import { resolvePoll } from '../../config/resolve-poll';
import { resolveOverdueAfter, resolveSafety, resolveSweep } from '../../config/resolve-sweep';
import { resolveTrack } from '../../config/resolve-track';
import { parseDuration } from '../../domain/duration';
import type { PollPace } from '../../domain/poll-pace';
import type { ConfigSection, ResolvedParts } from '../system';
import type { SweepPace } from '../watching';

export interface MonaiConfig {
  /** Whether the configuration has a section `monai` at all: without one no broker is dialled. */
  readonly enabled: boolean;
  /** `amqp://` or `amqps://`, with user, password and virtual host where there are any. */
  readonly rabbitmq: string;
  /** The topic exchange; that of the dead letters is named after it. */
  readonly exchange: string;
  /** Before the name of each queue, so that jobherald can stand beside another consumer; '' for none. */
  readonly queuePrefix: string;
  readonly argo: {
    /** Base URL of the Argo server; '' where there is none to ask. */
    readonly url: string;
    readonly namespace: string;
    /** Bearer token; '' for none. */
    readonly token: string;
    /** What becomes of a workflow once the task's end is recorded. */
    readonly release: 'none' | 'terminate' | 'delete';
  };
  readonly poll: PollPace;
  readonly sweep: SweepPace;
  readonly safetyMs: number;
  readonly overdueAfterMs: number | null;
  /** How long a task may take before it has failed as timed out. */
  readonly taskTimeoutMs: number;
  readonly track: TrackConfig;
}

export const monaiConfig: ConfigSection<'monai', MonaiConfig> = {
  resolve: resolveMonai,
  check: checkMonai,
  secretsOf: ({ rabbitmq, argo }) => [...passwordsIn(rabbitmq), argo.token],
  isUsed: ({ enabled }) => enabled,
};

export const MONAI_DEFAULTS = {
  rabbitmq: 'amqp://127.0.0.1',
  exchange: 'monaideploy',
  argo: { namespace: 'argo', release: 'none' },
  taskTimeoutMs: 60 * 60 * 1_000,
  /** The endpoint only where one of this name is configured. */
  track: { auto: true, endpoints: ['task-updates'] },
} as const;

/**
 * @param section undefined where the file has none, which switches the provider off
 * @param resolved the default of `track.endpoints` is one of these endpoints or none
 */
function resolveMonai(section: MonaiSection | undefined, resolved: ResolvedParts): MonaiConfig {
  const { rabbitmq, exchange, queue_prefix, argo = {}, poll, sweep, safety } = section ?? {};
  const { task_timeout, overdue_after, track } = section ?? {};
  const isEndpoint = (name: string) => resolved.endpoints.some((endpoint) => endpoint.name === name);
  return {
    enabled: section !== undefined,
    rabbitmq: rabbitmq ?? MONAI_DEFAULTS.rabbitmq,
    exchange: exchange ?? MONAI_DEFAULTS.exchange,
    queuePrefix: queue_prefix ?? '',
    argo: {
      url: (argo.url ?? '').replace(/\/+$/, ''),
      namespace: argo.namespace ?? MONAI_DEFAULTS.argo.namespace,
      token: argo.token ?? '',
      release: argo.release ?? MONAI_DEFAULTS.argo.release,
    },
    poll: resolvePoll(poll),
    sweep: resolveSweep(sweep),
    safetyMs: resolveSafety(safety),
    overdueAfterMs: resolveOverdueAfter(overdue_after),
    taskTimeoutMs: task_timeout === undefined ? MONAI_DEFAULTS.taskTimeoutMs : parseDuration(task_timeout),
    track: resolveTrack(track, {
      auto: MONAI_DEFAULTS.track.auto,
      endpoints: section === undefined ? [] : MONAI_DEFAULTS.track.endpoints.filter(isEndpoint),
    }),
  };
}

const AT = pointerTo('providers', 'monai');

function checkMonai(
  { enabled, rabbitmq, argo, poll, taskTimeoutMs, track, ...config }: MonaiConfig,
  { endpoints }: Config,
): readonly Fault[] {
  if (!enabled) return [];
  return [
    ...checkAmqpUrl(`${AT}/rabbitmq`, rabbitmq),
    ...checkAmqpName(`${AT}/exchange`, config.exchange, '-dead-letter'),
    ...checkAmqpName(`${AT}/queue_prefix`, config.queuePrefix, 'md.tasks.cancellation-dead-letter'),
    ...checkHttpUrl(`${AT}/argo/url`, argo.url),
    ...when(argo.release !== 'none' && argo.url === '', {
      pointer: `${AT}/argo/url`,
      text: `is required, because release is ${argo.release} and that is asked of Argo`,
    }),
    ...checkPoll(`${AT}/poll`, poll),
    ...checkSweep(AT, config),
    ...checkOverdueAfter(AT, config),
    ...when(taskTimeoutMs <= 0, { pointer: `${AT}/task_timeout`, text: 'must be more than 0' }),
    ...when(track.auto && track.endpoints.length === 0, {
      pointer: `${AT}/track/endpoints`,
      text: `is required, because no endpoint is named ${MONAI_DEFAULTS.track.endpoints.join(' or ')}: name the endpoints that are notified of tasks, or set auto to false`,
      follows: '/endpoints',
    }),
    ...checkTrack(`${AT}/track`, track, endpoints),
  ];
}
