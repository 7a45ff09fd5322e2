import { formatDuration } from '../../domain/duration';
import type { TemporalConfig } from '../config';
import { BOUNDS } from '../defaults';
import type { Fault } from '../fault';
import { checkFile } from './check-file';
import { checkHostPort } from './check-host-port';
import { checkHttpUrl } from './check-url';

/** @param isTlsOff whether it is switched off, which `temporal.tls` cannot distinguish from the default */
export function checkTemporal(temporal: TemporalConfig, isTlsOff: boolean): readonly Fault[] {
  const faults: Fault[] = [];
  if (temporal.retentionMs < BOUNDS.minRetentionMs) {
    faults.push({
      pointer: '/temporal/retention',
      text: `must be ${formatDuration(BOUNDS.minRetentionMs)} or more, which is the least that Temporal takes`,
    });
  }
  if (isTlsOff && temporal.apiKey !== '') {
    faults.push({
      pointer: '/temporal/tls',
      text: 'an API key must not travel in plaintext; leave tls out, or set it to true',
    });
  }
  if (temporal.tls !== false) {
    const { ca = '', cert = '', key = '' } = temporal.tls;
    if ((cert === '') !== (key === '')) {
      const missing = cert === '' ? 'cert' : 'key';
      faults.push({
        pointer: `/temporal/tls/${missing}`,
        text: 'is required: a client certificate needs both cert and key',
      });
    }
    for (const [member, certificate] of Object.entries({ ca, cert, key })) {
      if (typeof certificate === 'string') faults.push(...checkFile(`/temporal/tls/${member}`, certificate));
    }
  }
  return [
    ...faults,
    ...checkHostPort('/temporal/address', temporal.address),
    ...checkHttpUrl('/temporal/ui', temporal.ui),
  ];
}
