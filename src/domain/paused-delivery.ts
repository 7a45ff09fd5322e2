/** A paused delivery looks again this often, without dialling. */
export const LOOK_AGAIN_MS = 20_000;
/** After a resume the deliveries that have waited are spread over this long, the oldest first. */
const SPREAD_MS = 25_000;

/**
 * How long after a resume a delivery that has waited begins. All that wait have looked by {@link LOOK_AGAIN_MS}, and
 * begin after that in the order of their age, within a minute together.
 * @param waitingSince when the delivery began to wait, epoch ms
 */
export function beginsAfterResume(waitingSince: number, pausedAt: number, resumedAt: number): number {
  const pause = Math.max(1, resumedAt - pausedAt);
  const age = Math.min(Math.max(0, waitingSince - pausedAt), pause);
  return resumedAt + LOOK_AGAIN_MS + (age / pause) * SPREAD_MS;
}
