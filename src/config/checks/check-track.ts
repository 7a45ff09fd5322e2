import type { Config, TrackConfig } from '../config';
import { type Fault, pointerTo } from '../fault';
import { checkReference } from './check-reference';

/** @param at pointer of the section */
export function checkTrack(at: string, { endpoints }: TrackConfig, configured: Config['endpoints']): readonly Fault[] {
  const names = configured.map(({ name }) => name);
  return endpoints.flatMap((name, index) =>
    checkReference(at + pointerTo('endpoints', index), name, names, 'endpoint'),
  );
}
