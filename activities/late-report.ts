import { AsyncResource } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, CompleteAsyncError, log } from '@temporalio/activity';
import { ActivityNotFoundError, type Client } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { createRush } from './rush';

/**
 * Counted from the question on. Well below the heartbeat timeout of the poll (workflows/job/status-watch.ts), by which
 * Temporal takes an attempt for lost and makes another.
 */
const PUT_OFF_MS = 5_000;
/** How long a hint waits for a report, and how long a worker that stops does. */
const PATIENCE = { hintMs: 500, stopMs: 5_000 };

/**
 * In a rush of submissions what the first look at each job saw is reported to Temporal a few seconds later. A report is a
 * request and a write, and a job that is over and told by then is spared it; whoever asks for one of the others sees for so
 * long that nobody has looked yet. Temporal counts the attempt as under way, and it holds no slot of the worker.
 *
 * Nothing is lost with a worker that dies meanwhile: Temporal misses the attempt's heartbeat, and has another look made.
 */
export interface LateReports {
  /**
   * How an attempt that looked first at its job ends, and found that it has not ended.
   * @param tookMs how long it has taken so far
   * @param report made when it is sent, as it says in how long to look again
   * @returns what the attempt has to throw: its report, or that it is not over yet
   */
  reportOf(tookMs: number, report: () => ApplicationFailure): Error;
  /** The run whose activity this is has told how its job ended: there is nothing left to report. */
  forget(): void;
  /** The run whose activity this is may soon watch by another attempt, and the one before has to be over. */
  sendNow(): Promise<void>;
  /** Sends all that is put off. */
  close(): Promise<void>;
}

export function createLateReports(client: Pick<Client, 'activity'>): LateReports {
  const looks = createRush();
  /** By run ID: sends the report. A run looks first once, or rarely a second time. */
  const putOff = new Map<string, { readonly timer: NodeJS.Timeout; readonly send: () => Promise<void> }>();

  const take = (runId: string) => {
    const taken = putOff.get(runId);
    clearTimeout(taken?.timer);
    putOff.delete(runId);
    return taken;
  };
  const send = async (runId: string) => take(runId)?.send();

  return {
    reportOf(tookMs, report) {
      const inMs = PUT_OFF_MS - tookMs;
      const failure = report();
      if (!looks.another().isRush || inMs <= 0 || Number(failure.nextRetryDelay) <= inMs) return failure;
      const { taskToken } = activityInfo();
      const runId = thisRun();
      void send(runId);
      putOff.set(runId, {
        timer: setTimeout(() => void send(runId), inMs).unref(),
        // Whoever has it sent: the report is this activity's, by the time and number of its attempt.
        send: AsyncResource.bind(async () => {
          try {
            await client.activity.fail(taskToken, report());
          } catch (error) {
            // The attempt is over otherwise: mostly as its run is.
            if (!(error instanceof ActivityNotFoundError)) log.info('a first look could not be reported', { error });
          }
        }),
      });
      return new CompleteAsyncError();
    },
    forget: () => void take(thisRun()),
    sendNow: () => atMost(PATIENCE.hintMs, send(thisRun())),
    close: () => atMost(PATIENCE.stopMs, Promise.all([...putOff.keys()].map(send))),
  };
}

function thisRun(): string {
  return activityInfo().workflowExecution?.runId ?? '';
}

/** What takes longer goes on by itself. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, sleep(ms, undefined, { ref: false })]);
}
