import { checkHostPort } from '../../../config/checks/check-host-port';
import { checkTrack } from '../../../config/checks/check-track';
import { when } from '../../../config/checks/when';
import type { Spec001Config } from '../../../config/config';
import { type Fault, pointerTo } from '../../../config/fault';

const AT = pointerTo('providers', 'spec-001');

export function checkSpec001({ kafka, track }: Spec001Config, endpointNames: readonly string[]): readonly Fault[] {
  const { brokers, topic } = kafka;
  return [
    ...when((brokers.length === 0) !== (topic === ''), {
      pointer: `${AT}/kafka/${topic === '' ? 'topic' : 'brokers'}`,
      text: 'is required: to consume takes both brokers and topic',
    }),
    ...brokers.flatMap((broker, index) => checkHostPort(`${AT}/kafka/brokers/${index}`, broker)),
    ...checkTrack(`${AT}/track`, track, endpointNames),
  ];
}
