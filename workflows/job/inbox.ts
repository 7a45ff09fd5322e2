import {
  CancellationScope,
  defineQuery,
  defineSignal,
  log,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import { COMPLETION_SIGNAL, HEARTBEAT_SIGNAL, JOB_QUERY } from '../../src/domain/job-messages';
import { MAX_REMEMBERED_KEYS } from '../../src/domain/job-run';
import { readHeartbeat, readKey } from './read-signal';
import type { Run } from './run';

/**
 * Listens to whoever speaks to this run. Senders are anyone's own code, so the arguments are `unknown`:
 * what cannot be read counts as a bare hint, and a hint is never worse than one question to the provider.
 */
export function listen(run: Run): void {
  setHandler(defineSignal<[unknown]>(COMPLETION_SIGNAL), (completion) => {
    if (isNew(run, COMPLETION_SIGNAL, readKey(completion))) run.hinted = true;
  });

  setHandler(defineSignal<[unknown]>(HEARTBEAT_SIGNAL), (argument) => {
    const heartbeat = readHeartbeat(argument);
    if (!isNew(run, HEARTBEAT_SIGNAL, readKey(argument))) return;
    if (heartbeat) run.deadline = Date.now() + heartbeat.heartbeat_deadline_seconds * 1000;
    else run.hinted = true;
  });

  setDefaultSignalHandler((name) => {
    log.warn('ignored a signal that this run has no name for', { signal: name });
  });

  setHandler(defineQuery<object>(JOB_QUERY), () => ({
    provider: run.input.provider,
    job: run.input.job,
    phase: run.phase,
    ...run.status,
    completed_by: run.completedBy,
    deliveries: run.deliveries.map(({ delivery }) => delivery),
  }));

  CancellationScope.current().cancelRequested.catch(() => {
    if (run.cancel === 'none') run.cancel = 'wanted';
  });
}

/** Remembers the key, and whether it was there before: Temporal deduplicates by request ID, but only within one run. */
function isNew(run: Run, signal: string, key: string | undefined): boolean {
  if (key === undefined) return true;
  const scoped = `${signal}/${key}`;
  if (run.seenKeys.has(scoped)) return false;
  run.seenKeys.add(scoped);
  const [oldest] = run.seenKeys;
  if (run.seenKeys.size > MAX_REMEMBERED_KEYS && oldest !== undefined) run.seenKeys.delete(oldest);
  return true;
}
