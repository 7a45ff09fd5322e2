import {
  CancellationScope,
  currentUpdateInfo,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  proxyActivities,
  setDefaultSignalHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import {
  ADOPT_UPDATE,
  type AdoptAnswer,
  CALLBACK_UPDATE,
  type CallbackAnswer,
  COMPLETION_SIGNAL,
  HEARTBEAT_SIGNAL,
  JOB_QUERY,
  LOOK_SIGNAL,
  REDELIVER_UPDATE,
  STATUS_REPORT_SIGNAL,
} from '../../src/domain/job-messages';
import { MAX_REMEMBERED_KEYS, shownCounts } from '../../src/domain/job-run';
import { keyHash } from '../../src/domain/key-hash';
import { statusOfReport } from '../../src/providers/workflow-registry';
import { adoptSubmission } from './adopt';
import { applyStatus } from './apply-status';
import { answerCallback } from './callback';
import type { Deliveries } from './deliveries';
import { publicStatus, showReport } from './operator-view';
import { deliveriesOf } from './planned-deliveries';
import { readAdoption, readHeartbeat, readKey, readRedelivery, readReport } from './read-message';
import { promiseHeartbeat, type Run } from './run';

/**
 * Handles every message that a run can get. Senders are anyone's own code, so the arguments are `unknown`: what cannot be
 * read counts as a bare hint, and a hint never does more than cause one question to the provider.
 */
export function handleMessages(run: Run, deliveries: Deliveries): void {
  const { state, rules } = run;

  // These three only change state, so nothing of theirs could end with a cancellation; and they are the most frequent.
  setHandler(defineSignal<[unknown]>(COMPLETION_SIGNAL), (completion) => {
    if (isNew(run, COMPLETION_SIGNAL, readKey(completion))) state.question = 'signal';
  });

  setHandler(defineSignal<[unknown]>(LOOK_SIGNAL), () => {
    state.question ??= 'poll';
  });

  setHandler(defineSignal<[unknown]>(HEARTBEAT_SIGNAL), (argument) => {
    const heartbeat = readHeartbeat(argument);
    if (!isNew(run, HEARTBEAT_SIGNAL, readKey(argument))) return;
    if (heartbeat) state.heartbeat = promiseHeartbeat(rules, heartbeat.heartbeat_deadline_seconds);
    else state.question = 'signal';
  });

  const takeReport = (argument: unknown): void => {
    if (!isNew(run, STATUS_REPORT_SIGNAL, readKey(argument))) return;
    const status = statusOfReport(readReport(argument), state.status);
    if (rules.truth !== 'messages') {
      state.question = 'signal'; // there is somebody better to ask
    } else if (status) {
      applyStatus(run, deliveries, status, 'signal');
      showReport(run);
    } else {
      log.warn('ignored a status report that cannot be read');
    }
  };
  setHandler(defineSignal<[unknown]>(STATUS_REPORT_SIGNAL), (argument) =>
    withoutCancellation(async () => takeReport(argument)),
  );

  setDefaultSignalHandler((name) => {
    log.warn('ignored an unknown signal', { signal: name });
  });

  setHandler(defineUpdate<CallbackAnswer, [unknown]>(CALLBACK_UPDATE), (argument) =>
    withoutCancellation(() => answerCallback(run, deliveries, argument)),
  );

  setHandler(defineUpdate<void, [unknown]>(REDELIVER_UPDATE), (argument) =>
    withoutCancellation(() => redeliver(argument)),
  );

  setHandler(
    defineUpdate<AdoptAnswer, [unknown]>(ADOPT_UPDATE),
    (argument) => withoutCancellation(async () => adoptSubmission(run, deliveries, readAdoption(argument))),
    { validator: (argument) => void readAdoption(argument) },
  );

  setHandler(defineQuery<object>(JOB_QUERY), () => ({
    provider: run.input.provider,
    job: run.input.job,
    phase: state.phase.kind,
    ...publicStatus(state.status),
    completed_by: 'completedBy' in state.phase ? state.phase.completedBy : null,
    deliveries: deliveriesOf(run),
    deliveries_settled: shownCounts(state.settledCounts),
  }));
}

/** What a message starts must not end with a cancellation of the run, which is a wish and not an end. */
function withoutCancellation<T>(start: () => Promise<T>): Promise<T> {
  return CancellationScope.nonCancellable(start);
}

/**
 * Remembers the key, and whether it was there before: Temporal deduplicates by request ID, but only within one run.
 * Where messages are the truth a key is the message's own, whichever kind it is, in any letter case.
 */
function isNew({ rules, state: { seenKeys } }: Run, signal: string, key: string | undefined): boolean {
  if (key === undefined) return true;
  const hash = keyHash(rules.truth === 'messages' ? `message/${key.toLowerCase()}` : `${signal}/${key}`);
  if (seenKeys.includes(hash)) return false;
  seenKeys.push(hash);
  if (seenKeys.length > MAX_REMEMBERED_KEYS) seenKeys.shift();
  return true;
}

const { redeliverOwn } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** Answers the update `redeliver`: sends what is settled of this run again, by a run of its own, as the API does it. */
async function redeliver(argument: unknown): Promise<void> {
  const update_id = `${workflowInfo().runId}/${currentUpdateInfo()?.id}`;
  const summary = 'starts a redelivery';
  await redeliverOwn.executeWithOptions({ summary }, [{ request: readRedelivery(argument), update_id }]);
}
