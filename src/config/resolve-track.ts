import type { ScopedTrackSection, TrackSection } from '../../schemas/types';
import { parseDuration } from '../domain/duration';
import type { ScopedTrackConfig, TrackConfig } from './config';

/** @param defaults what holds of this provider where its section does not say */
export function resolveTrack(section: TrackSection | undefined, defaults: TrackConfig): TrackConfig {
  return {
    auto: section?.auto ?? defaults.auto,
    endpoints: section?.endpoints?.map((name) => name ?? '') ?? defaults.endpoints,
  };
}

/**
 * {@link resolveTrack}, with the scopes that sweeps track. Default: a message tracks nothing, and no scope is tracked.
 * @param canonical the one spelling of a scope; what it does not understand it leaves as it is, for the check
 */
export function resolveScopedTrack(
  section: ScopedTrackSection | undefined,
  canonical: (scope: string) => string = (scope) => scope,
): ScopedTrackConfig {
  const scopes = (section?.scopes ?? []).map((scope) => canonical(scope ?? ''));
  return {
    ...resolveTrack(section, { auto: false, endpoints: [] }),
    scopes: [...new Set(scopes)],
    sinceMs: section?.since ? parseDuration(section.since) : 0,
  };
}
