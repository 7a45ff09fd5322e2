import { nearest } from '../../domain/nearest';
import type { Fault } from '../fault';

/** That a name means something that is configured. '' is no reference. */
export function checkReference(
  pointer: string,
  name: string,
  configured: readonly string[],
  kind: 'secret' | 'endpoint',
): readonly Fault[] {
  if (name === '' || configured.includes(name)) return [];
  const meant = nearest(name, configured);
  const advice = meant === undefined ? `configure it under ${kind}s` : `did you mean "${meant}"?`;
  return [{ pointer, text: `no ${kind} is named "${name}"; ${advice}` }];
}
