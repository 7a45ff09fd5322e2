import { activityInfo, CompleteAsyncError, log } from '@temporalio/activity';
import { ActivityNotFoundError, type Client } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';

/** Ten first looks within a second are a rush. */
const RUSH = { looks: 10, withinMs: 1_000 };
/** From the look on. Well below the heartbeat timeout of the poll, by which Temporal would take its worker for dead. */
const PUT_OFF_MS = 5_000;
/** Ended runs whose first look may still be under way. */
const MAX_REMEMBERED = 1_000;

/** A first look at a job that has not ended. */
export interface FirstLook {
  readonly tookMs: number;
  /** In how long to look again. */
  readonly nextInMs: number;
}

/**
 * In a rush of submissions what the first look at each job saw is reported to Temporal a few seconds later. A report is a
 * request and a write, and a job that ends by then is spared it; whoever asks for one of the others sees for so long
 * that nobody has looked yet. Temporal counts the attempt as under way, and it holds no slot of the worker.
 *
 * Nothing is lost with a worker that stops meanwhile: Temporal misses the attempt's heartbeat, and has another look made.
 * All of it is about the run that the calling activity is of.
 */
export interface LateReports {
  /**
   * @param report made when it is sent, as it says in how long to look again
   * @returns what the attempt has to throw: its report, or that it is not over yet
   */
  reportOf(look: FirstLook, report: () => ApplicationFailure): Error;
  /** The run knows that its job has ended: there is nothing left to report. */
  forget(): void;
  /** The run is about to watch by another attempt, and the one before it has to be over. */
  sendNow(): Promise<void>;
}

export function createLateReports(client: Pick<Client, 'activity'>, now = () => performance.now()): LateReports {
  const lastLooks: number[] = [];
  const ended = new Set<string>();
  /** By run ID. */
  const waiting = new Map<string, { readonly timer: NodeJS.Timeout; readonly send: () => Promise<void> }>();

  const isRush = () => {
    lastLooks.push(now());
    if (lastLooks.length > RUSH.looks) lastLooks.shift();
    const [first = 0] = lastLooks;
    return lastLooks.length === RUSH.looks && now() - first <= RUSH.withinMs;
  };
  const take = (runId: string) => {
    const taken = waiting.get(runId);
    clearTimeout(taken?.timer);
    waiting.delete(runId);
    return taken;
  };
  const sendNow = async (runId: string) => take(runId)?.send();

  return {
    reportOf({ tookMs, nextInMs }, report) {
      const inMs = PUT_OFF_MS - tookMs;
      if (!isRush() || inMs <= 0 || nextInMs <= inMs) return report();
      const runId = thisRun();
      if (ended.has(runId)) return new CompleteAsyncError();
      const { taskToken } = activityInfo();
      const send = async () => {
        try {
          await client.activity.fail(taskToken, report());
        } catch (error) {
          if (error instanceof ActivityNotFoundError) return; // the job has ended, and another worker knows
          log.warn('what the first look at a job saw could not be reported; Temporal has another made', { error });
        }
      };
      const timer = setTimeout(() => void sendNow(runId), inMs).unref();
      waiting.set(runId, { timer, send });
      return new CompleteAsyncError();
    },

    forget() {
      const runId = thisRun();
      take(runId);
      ended.add(runId);
      const [longestAgo] = ended;
      if (ended.size > MAX_REMEMBERED && longestAgo !== undefined) ended.delete(longestAgo);
    },

    sendNow: () => sendNow(thisRun()),
  };
}

function thisRun(): string {
  return activityInfo().workflowExecution?.runId ?? '';
}
