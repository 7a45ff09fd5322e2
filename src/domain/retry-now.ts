/**
 * What is pending is tried now: a delivery that waits for its next attempt is woken. One whose attempt is under way began before, and may
 * come to nothing by what has been mended since; it is looked at until that is known, and woken then.
 */
export interface UnderWay {
  readonly workflow_id: string;
  readonly run_id: string;
  /** By the id of each delivery's activity, the number of the attempt that is under way; {@link DONE} for one that is seen to. */
  readonly attempts: Readonly<Record<string, number>>;
  /** First attempts are being made, whose deliveries get activities of their own only when all of them are over. */
  readonly is_beginning: boolean;
}

export const DONE = 0;

/** Of one endpoint, or of all. */
export interface RetryUnderWayInput {
  readonly endpoint?: string | undefined;
  readonly under_way: readonly UnderWay[];
}

/** Does that for a job. */
export const JOB_RETRY_WORKFLOW_TYPE = 'jobRetry';
