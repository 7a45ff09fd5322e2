import {
  CancellationScope,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import {
  CALLBACK_UPDATE,
  type CallbackAnswer,
  COMPLETION_SIGNAL,
  HEARTBEAT_SIGNAL,
  JOB_QUERY,
  PASS_ON_SIGNAL,
  REDELIVER_UPDATE,
  STATUS_REPORT_SIGNAL,
} from '../../src/domain/job-messages';
import { MAX_REMEMBERED_KEYS } from '../../src/domain/job-run';
import { statusOfReport } from '../../src/providers/workflow-registry';
import { answerCallback } from './callback';
import type { Deliveries } from './deliveries';
import { learn } from './learn';
import { publicStatus, showReported } from './operator-view';
import { readHeartbeat, readKey, readPassedEvent, readReport } from './read-signal';
import { redeliverOnRequest } from './redeliver-on-request';
import type { Run } from './run';
import type { StatusWatch } from './status-watch';

/**
 * Listens to whoever speaks to this run. Senders are anyone's own code, so the arguments are `unknown`:
 * what cannot be read counts as a bare hint, and a hint is never worse than one question to the provider.
 */
export function listen(run: Run, deliveries: Deliveries, watch: StatusWatch): void {
  setHandler(defineSignal<[unknown]>(COMPLETION_SIGNAL), (completion) => {
    if (isNew(run, COMPLETION_SIGNAL, readKey(completion))) run.hinted = true;
  });

  on(HEARTBEAT_SIGNAL, (argument) => {
    const heartbeat = readHeartbeat(argument);
    if (!isNew(run, HEARTBEAT_SIGNAL, readKey(argument))) return;
    if (heartbeat) expectSignOfLife(run, heartbeat.heartbeat_deadline_seconds);
    else run.hinted = true;
  });

  on(STATUS_REPORT_SIGNAL, (argument) => {
    if (!isNew(run, STATUS_REPORT_SIGNAL, readKey(argument))) return;
    const status = statusOfReport(readReport(argument), run.status);
    if (run.rules.truth !== 'messages') {
      run.hinted = true; // there is somebody better to ask
    } else if (status) {
      learn(run, deliveries, status, 'signal');
      showReported(run);
    } else {
      log.warn('ignored a status report that cannot be read');
    }
  });

  on(PASS_ON_SIGNAL, (argument) => {
    const event = readPassedEvent(argument);
    if (!event) log.warn('ignored an event that cannot be read');
    else if (isNew(run, PASS_ON_SIGNAL, event.key)) deliveries.passOn(event);
  });

  setHandler(defineUpdate<CallbackAnswer, [unknown]>(CALLBACK_UPDATE), (argument) =>
    CancellationScope.nonCancellable(() => answerCallback(run, deliveries, watch, argument)),
  );

  setHandler(defineUpdate<void, [unknown]>(REDELIVER_UPDATE), (argument) =>
    CancellationScope.nonCancellable(() => redeliverOnRequest(argument)),
  );

  setDefaultSignalHandler((name) => {
    log.warn('ignored a signal that this run has no name for', { signal: name });
  });

  setHandler(defineQuery<object>(JOB_QUERY), () => ({
    provider: run.input.provider,
    job: run.input.job,
    phase: run.phase,
    ...publicStatus(run.status),
    completed_by: run.completedBy,
    deliveries: run.deliveries.map(({ delivery }) => delivery),
  }));
}

/** What a message starts must not end with a cancellation of the run, which is a wish and not an end. */
function on(signal: string, take: (argument: unknown) => void): void {
  setHandler(defineSignal<[unknown]>(signal), (argument) =>
    CancellationScope.nonCancellable(async () => take(argument)),
  );
}

/** A heartbeat ends a silence, and begins the wait for the next one. */
function expectSignOfLife(run: Run, withinSeconds: number): void {
  const graceSeconds = run.rules.stalled?.grace_seconds ?? 0;
  run.deadline = Date.now() + (withinSeconds + graceSeconds) * 1000;
  run.deadlineSeconds = withinSeconds;
  run.lapses = 0;
}

/**
 * Remembers the key, and whether it was there before: Temporal deduplicates by request ID, but only within one run.
 * Where messages are the truth a key is the message's own, whichever kind it is, in any letter case.
 */
function isNew(run: Run, signal: string, key: string | undefined): boolean {
  if (key === undefined) return true;
  const scoped = run.rules.truth === 'messages' ? `message/${key.toLowerCase()}` : `${signal}/${key}`;
  if (run.seenKeys.has(scoped)) return false;
  run.seenKeys.add(scoped);
  const [oldest] = run.seenKeys;
  if (run.seenKeys.size > MAX_REMEMBERED_KEYS && oldest !== undefined) run.seenKeys.delete(oldest);
  return true;
}
