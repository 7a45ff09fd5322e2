/** What DescribeJob answers, as far as it is read: https://www.tencentcloud.com/document/product/599/30561 */
export interface JobResource {
  readonly JobId?: string | null;
  readonly JobName?: string | null;
  readonly JobState?: string | null;
  readonly StateReason?: string | null;
  readonly Zone?: string | null;
  readonly Priority?: number | null;
  /** `YYYY-MM-DDThh:mm:ssZ`, like the other times. */
  readonly CreateTime?: string | null;
  readonly EndTime?: string | null;
  readonly TaskMetrics?: Metrics | null;
  readonly TaskInstanceMetrics?: Metrics | null;
}

export const METRICS = [
  'SubmittedCount',
  'PendingCount',
  'RunnableCount',
  'StartingCount',
  'RunningCount',
  'SucceedCount',
  'FailedInterruptedCount',
  'FailedCount',
] as const;

/** How many tasks, or task instances, are in each state. */
export type Metrics = Readonly<Partial<Record<(typeof METRICS)[number], number | null>>>;
