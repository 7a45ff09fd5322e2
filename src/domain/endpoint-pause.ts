import type { Subscription } from './subscription';

/**
 * A paused endpoint is a run of this workflow that is open and has no {@link endpointRetryWorkflowId} of its own: its ID is
 * computed from the endpoint's name, so any worker and any gateway finds it. Its signal `resume` has a worker complete it.
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
      /** The run of the last pause, where it is still open: no worker has heard of its end. */
      readonly completing?: string;
    }
  | { readonly state: 'paused'; readonly pausedAt: number; readonly reason: string; readonly runId: string };

/** How long a worker believes that an endpoint is active: who pauses it is answered when nobody believes that any longer. */
export const BELIEVED_ACTIVE_FOR_MS = 1_000;

/** A paused delivery looks again this often, without dialling, should nothing wake it. */
export const LOOK_AGAIN_MS = 20_000;

/** Tries at once what is pending for an endpoint: begun by resuming it. */
export const ENDPOINT_RETRY_WORKFLOW_TYPE = 'endpointRetry';
/** Asks for it, and once more where it is under way. */
export const RETRY_SIGNAL = 'retry';

/**
 * That the run of this ID exists ends the pause, with or without a worker. (A signal to the run of the pause may not stand in its
 * history yet: Temporal holds it back while a worker, alive or not, has a task of the run.)
 * @param pauseRunId of the pause that is resumed; undefined where there is none
 */
export function endpointRetryWorkflowId(endpoint: string, pauseRunId?: string): string {
  return ['endpoint-retry', endpoint, ...(pauseRunId === undefined ? [] : [pauseRunId])].join('/');
}

export interface EndpointRetryInput {
  readonly endpoint: string;
}
