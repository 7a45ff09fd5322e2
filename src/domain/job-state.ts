/**
 * The state of a job, in the vocabulary of SPEC-001 (Standard Job Notification API).
 * Every provider maps its own words to these eight.
 */
export type JobState = 'PENDING' | 'DELAYED' | 'QUEUED' | 'RUNNING' | TerminalState;

/** A state that absorbs: once a job is in one, no later message changes it. */
export type TerminalState = 'COMPLETED' | 'FAILED' | 'CANCELED' | 'PARTIALLY_FAILED';

export const JOB_STATES = [
  'PENDING',
  'DELAYED',
  'QUEUED',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'PARTIALLY_FAILED',
] as const satisfies readonly JobState[];

const TERMINAL: ReadonlySet<JobState> = new Set<TerminalState>(['COMPLETED', 'FAILED', 'CANCELED', 'PARTIALLY_FAILED']);

export function isTerminal(state: JobState): state is TerminalState {
  return TERMINAL.has(state);
}

export function isJobState(value: unknown): value is JobState {
  return (JOB_STATES as readonly unknown[]).includes(value);
}
