import type { Subscription } from './subscription';

/**
 * A paused endpoint is a run of this workflow that is open: its ID is computed from the endpoint's name, so any
 * worker and any gateway finds it, and resuming ends it. There is no run for an endpoint that is active.
 */
export const ENDPOINT_PAUSE_WORKFLOW_TYPE = 'endpointPause';
export const RESUME_SIGNAL = 'resume';

export function endpointPauseWorkflowId(endpoint: string): string {
  return `endpoint/${endpoint}`;
}

export interface EndpointPauseInput {
  readonly endpoint: string;
  /** Of an endpoint that a submission brought along: no configuration says where it is. */
  readonly subscription?: Subscription;
  /** Why, for operators: `paused by an operator`, `the endpoint answered 410 Gone`. */
  readonly reason: string;
}

/** Whether an endpoint takes deliveries just now. */
export type EndpointState =
  | {
      readonly state: 'active' /** When the last pause ended, epoch ms. */;
      readonly resumedAt?: number;
      readonly pausedAt?: number;
    }
  | { readonly state: 'paused'; readonly pausedAt: number; readonly reason: string };

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
