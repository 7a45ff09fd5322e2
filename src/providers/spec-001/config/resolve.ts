import type { Spec001Section } from '../../../../schemas/types';
import type { Spec001Config } from '../../../config/config';
import { DEFAULTS } from '../../../config/defaults';
import { resolveKafkaCluster } from '../../../config/resolve-kafka-cluster';
import { resolveTrack } from '../../../config/resolve-track';
import { parseDuration } from '../../../domain/duration';

const { spec001: DEFAULT } = DEFAULTS;

export function resolveSpec001({ source, kafka = {}, stalled = {}, track }: Spec001Section): Spec001Config {
  return {
    source: {
      application: source?.application ?? DEFAULT.source.application,
      environmentType: source?.environment_type ?? DEFAULT.source.environmentType,
    },
    kafka: {
      ...resolveKafkaCluster(kafka),
      topic: kafka.topic ?? '',
      groupId: kafka.group_id ?? DEFAULT.kafka.groupId,
    },
    stalled: {
      graceMs: stalled.grace === undefined ? DEFAULT.stalled.graceMs : parseDuration(stalled.grace),
      failAfter: stalled.fail_after ?? DEFAULT.stalled.failAfter,
    },
    track: resolveTrack(track, DEFAULT.track),
  };
}
