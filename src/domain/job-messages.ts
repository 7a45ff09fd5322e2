/** The names of what a job's run listens to. Anyone may send these signals with any Temporal SDK. */
export const WORKFLOW_TYPE = 'job';
export const COMPLETION_SIGNAL = 'completion';
export const HEARTBEAT_SIGNAL = 'heartbeat';
export const JOB_QUERY = 'job';

/** Argument of the `completion` signal: a hint that the job may have ended. Every member may be absent. */
export interface CompletionMessage {
  readonly idempotency_key?: string;
  readonly state?: string;
  readonly message?: string;
}

/** Argument of the `heartbeat` signal: the job lives, and will say so again within the deadline. */
export interface HeartbeatMessage {
  readonly idempotency_key?: string;
  readonly heartbeat_deadline_seconds: number;
  readonly description?: string;
}
