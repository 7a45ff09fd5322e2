import type { TrackConfig } from '../config';
import { type Fault, pointerTo } from '../fault';
import { checkReference } from './check-reference';

/** @param at pointer of the section */
export function checkTrack(at: string, { endpoints }: TrackConfig, endpointNames: readonly string[]): readonly Fault[] {
  return endpoints.flatMap((name, index) =>
    checkReference(at + pointerTo('endpoints', index), name, endpointNames, 'endpoint'),
  );
}
