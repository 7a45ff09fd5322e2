import type { TerminalState } from './job-state';

/** What happened to a job, as endpoints subscribe to it. */
export type EventType = TerminalEventType | 'job.running' | 'job.progress' | 'job.stalled';

export type TerminalEventType = 'job.succeeded' | 'job.failed' | 'job.canceled' | 'job.partially_failed';

export const TERMINAL_EVENT_TYPES = [
  'job.succeeded',
  'job.failed',
  'job.canceled',
  'job.partially_failed',
] as const satisfies readonly TerminalEventType[];

export const EVENT_TYPES = [
  'job.running',
  'job.progress',
  'job.stalled',
  ...TERMINAL_EVENT_TYPES,
] as const satisfies readonly EventType[];

const EVENT_OF_STATE = {
  COMPLETED: 'job.succeeded',
  FAILED: 'job.failed',
  CANCELED: 'job.canceled',
  PARTIALLY_FAILED: 'job.partially_failed',
} as const satisfies Record<TerminalState, TerminalEventType>;

export function terminalEventType(state: TerminalState): TerminalEventType {
  return EVENT_OF_STATE[state];
}

export function isTerminalEventType(type: string): type is TerminalEventType {
  return (TERMINAL_EVENT_TYPES as readonly string[]).includes(type);
}
