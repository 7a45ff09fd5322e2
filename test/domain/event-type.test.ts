import {
  EVENT_TYPES,
  isTerminalEventType,
  JOB_EVENT_TYPES,
  PASSED_THROUGH_EVENT_TYPES,
  TERMINAL_EVENT_TYPES,
  terminalEventType,
} from '../../src/domain/event-type';
import { isTerminal, JOB_STATES } from '../../src/domain/job-state';

describe('event types', () => {
  it('of a job are the eight that are published', () => {
    expect([...JOB_EVENT_TYPES].sort()).toEqual([
      'job.canceled',
      'job.failed',
      'job.overdue',
      'job.partially_failed',
      'job.progress',
      'job.running',
      'job.stalled',
      'job.succeeded',
    ]);
  });

  it('are those of a job and those that are passed through, each once', () => {
    expect(EVENT_TYPES).toEqual([...JOB_EVENT_TYPES, ...PASSED_THROUGH_EVENT_TYPES]);
    expect(new Set(EVENT_TYPES).size).toBe(23);
  });

  it('have one for each terminal state, and no other is terminal', () => {
    const told = JOB_STATES.filter(isTerminal).map(terminalEventType);
    expect([...told].sort()).toEqual([...TERMINAL_EVENT_TYPES].sort());
    expect(EVENT_TYPES.filter(isTerminalEventType)).toEqual([...TERMINAL_EVENT_TYPES]);
  });

  it.each([
    ['COMPLETED', 'job.succeeded'],
    ['FAILED', 'job.failed'],
    ['CANCELED', 'job.canceled'],
    ['PARTIALLY_FAILED', 'job.partially_failed'],
  ] as const)('tell of %s as %s', (state, type) => {
    expect(terminalEventType(state)).toBe(type);
  });

  it('do not know a word that is none', () => {
    expect(isTerminalEventType('job.done')).toBe(false);
  });
});
