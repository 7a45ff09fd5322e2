import type { TrackSection } from '../../schemas/types';
import type { TrackConfig } from './config';

/** @param defaults what holds of this provider where its section does not say */
export function resolveTrack(section: TrackSection | undefined, defaults: TrackConfig): TrackConfig {
  return {
    auto: section?.auto ?? defaults.auto,
    endpoints: section?.endpoints?.map((name) => name ?? '') ?? defaults.endpoints,
  };
}
