import type { Spec001Section } from '../../../schemas/types';
import { checkHostPort } from '../../config/checks/check-host-port';
import { checkOverdueAfter } from '../../config/checks/check-overdue-after';
import { checkTrack } from '../../config/checks/check-track';
import { when } from '../../config/checks/when';
import type { Config, KafkaCluster, TrackConfig } from '../../config/config';
import { type Fault, pointerTo } from '../../config/fault';
import { resolveKafkaCluster } from '../../config/resolve-kafka-cluster';
import { resolveOverdueAfter } from '../../config/resolve-sweep';
import { resolveTrack } from '../../config/resolve-track';
import { parseDuration } from '../../domain/duration';
import type { ConfigSection } from '../system';

export interface Spec001Config {
  /** `meta.source` of what jobherald publishes in this format. */
  readonly source: { readonly application: string; readonly environmentType: string };
  /** The topic to consume; topic '' for none. */
  readonly kafka: KafkaCluster & { readonly topic: string; readonly groupId: string };
  readonly stalled: {
    /** On top of each heartbeat's own deadline. */
    readonly graceMs: number;
    /** So many deadlines of silence in a row fail a job; 0 for never. */
    readonly failAfter: number;
  };
  readonly overdueAfterMs: number | null;
  readonly track: TrackConfig;
}

export const spec001Config: ConfigSection<'spec-001', Spec001Config> = {
  resolve: resolveSpec001,
  check: checkSpec001,
  secretsOf: ({ kafka }) => [kafka.sasl?.password ?? ''],
  isUsed: ({ kafka }) => kafka.topic !== '',
};

export const SPEC_001_DEFAULTS = {
  source: { application: 'jobherald', environmentType: 'production' },
  kafka: { groupId: 'jobherald' },
  stalled: { graceMs: 0, failAfter: 3 },
  track: { auto: true, endpoints: [] },
} as const;

function resolveSpec001(section: Spec001Section = {}): Spec001Config {
  const { source, kafka = {}, stalled = {}, overdue_after, track } = section;
  return {
    source: {
      application: source?.application ?? SPEC_001_DEFAULTS.source.application,
      environmentType: source?.environment_type ?? SPEC_001_DEFAULTS.source.environmentType,
    },
    kafka: {
      ...resolveKafkaCluster(kafka),
      topic: kafka.topic ?? '',
      groupId: kafka.group_id ?? SPEC_001_DEFAULTS.kafka.groupId,
    },
    stalled: {
      graceMs: stalled.grace === undefined ? SPEC_001_DEFAULTS.stalled.graceMs : parseDuration(stalled.grace),
      failAfter: stalled.fail_after ?? SPEC_001_DEFAULTS.stalled.failAfter,
    },
    overdueAfterMs: resolveOverdueAfter(overdue_after),
    track: resolveTrack(track, SPEC_001_DEFAULTS.track),
  };
}

const AT = pointerTo('providers', 'spec-001');

function checkSpec001({ kafka, track, ...config }: Spec001Config, { endpoints }: Config): readonly Fault[] {
  const { brokers, topic } = kafka;
  return [
    ...when((brokers.length === 0) !== (topic === ''), {
      pointer: `${AT}/kafka/${topic === '' ? 'topic' : 'brokers'}`,
      text: 'is required: to consume takes both brokers and topic',
    }),
    ...brokers.flatMap((broker, index) => checkHostPort(`${AT}/kafka/brokers/${index}`, broker)),
    ...checkOverdueAfter(AT, config),
    ...checkTrack(`${AT}/track`, track, endpoints),
  ];
}
