/**
 * The search attributes of a job's run, as operators query them (`DeliveryState='exhausted'`).
 * Plain values in the shape of the SDK's typed keys, so that workflows, client and set-up share them
 * and the domain still imports nothing.
 */
export const SEARCH_ATTRIBUTES = {
  /** `vertex-ai` */
  JobProvider: { name: 'JobProvider', type: 'KEYWORD' },
  /** One of JOB_STATES. */
  JobState: { name: 'JobState', type: 'KEYWORD' },
  /** Every state present among the run's deliveries. */
  DeliveryState: { name: 'DeliveryState', type: 'KEYWORD_LIST' },
  /** Every endpoint that the run notifies. */
  JobEndpoint: { name: 'JobEndpoint', type: 'KEYWORD_LIST' },
  /** How the end was noticed: `signal`, `poll`, `heartbeat`. */
  CompletedBy: { name: 'CompletedBy', type: 'KEYWORD' },
  /** When the job ended, by its provider's clock. */
  JobEndedAt: { name: 'JobEndedAt', type: 'DATETIME' },
} as const;
