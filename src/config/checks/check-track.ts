import { formatDuration } from '../../domain/duration';
import type { Config, ScopedTrackConfig, TrackConfig } from '../config';
import { BOUNDS } from '../defaults';
import { type Fault, pointerTo } from '../fault';
import { checkReference } from './check-reference';
import { when } from './when';

/** @param at pointer of the section */
export function checkTrack(at: string, { endpoints }: TrackConfig, configured: Config['endpoints']): readonly Fault[] {
  const names = configured.map(({ name }) => name);
  return endpoints.flatMap((name, index) =>
    checkReference(at + pointerTo('endpoints', index), name, names, 'endpoint'),
  );
}

/**
 * {@link checkTrack}, and what sweeps track.
 * @param at pointer of the section
 * @param faultOf what is wrong with a scope; undefined where nothing is
 */
export function checkScopedTrack(
  at: string,
  track: ScopedTrackConfig,
  { endpoints, temporal }: Pick<Config, 'endpoints' | 'temporal'>,
  faultOf: (scope: string) => string | undefined,
): readonly Fault[] {
  const { auto, scopes, sinceMs } = track;
  const longest = Math.max(0, temporal.retentionMs - BOUNDS.trackMarginMs);
  return [
    ...checkTrack(at, track, endpoints),
    ...when(scopes.length > 0 && !auto, {
      pointer: `${at}/auto`,
      text: 'must be true, because scopes name what is tracked; or take scopes out',
    }),
    ...scopes.flatMap((scope, index) => {
      const text = faultOf(scope);
      return text === undefined ? [] : [{ pointer: at + pointerTo('scopes', index), text }];
    }),
    ...when(sinceMs > longest, {
      pointer: `${at}/since`,
      text: `must be at most ${formatDuration(longest)}: the retention, which is ${formatDuration(temporal.retentionMs)}, less a day; what Temporal has forgotten would be notified again`,
      follows: '/temporal/retention',
    }),
  ];
}
