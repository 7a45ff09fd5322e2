import { activityInfo } from '@temporalio/activity';

/**
 * Epoch ms, never behind the server's clock at the time it scheduled this attempt: a worker whose clock is late
 * must not stretch windows, and a server that skips time (in tests) takes the worker along.
 */
export function serverTime(): number {
  return Math.max(Date.now(), activityInfo().currentAttemptScheduledTimestampMs);
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
