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
