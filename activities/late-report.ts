import { CompleteAsyncError, log } from '@temporalio/activity';
import { ActivityNotFoundError, type Client } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';

/** Twenty first looks within two seconds are a rush. */
const RUSH = { looks: 20, withinMs: 2_000 };
/** From the look on. Well below the heartbeat timeout of the poll, by which Temporal would take its worker for dead. */
const PUT_OFF_MS = 5_000;

/** A first look at a job that has not ended. */
export interface FirstLook {
  readonly taskToken: Uint8Array;
  readonly workflowId: string;
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
 */
export interface LateReports {
  /**
   * @param report made when it is sent, as it says in how long to look again
   * @returns what the attempt has to throw: its report, or that it is not over yet
   */
  reportOf(look: FirstLook, report: () => ApplicationFailure): Error;
  /** The run knows that its job has ended: there is nothing left to report. */
  forget(workflowId: string): void;
  /** The run is about to watch by another attempt, and the one before it has to be over. */
  sendNow(workflowId: string): Promise<void>;
}

export function createLateReports(client: Pick<Client, 'activity'>, now = () => performance.now()): LateReports {
  const lastLooks: number[] = [];
  const waiting = new Map<string, { readonly timer: NodeJS.Timeout; readonly send: () => Promise<void> }>();

  const isRush = () => {
    lastLooks.push(now());
    if (lastLooks.length > RUSH.looks) lastLooks.shift();
    const [first = 0] = lastLooks;
    return lastLooks.length === RUSH.looks && now() - first <= RUSH.withinMs;
  };
  const take = (workflowId: string) => {
    const taken = waiting.get(workflowId);
    clearTimeout(taken?.timer);
    waiting.delete(workflowId);
    return taken;
  };
  const sendNow = async (workflowId: string) => take(workflowId)?.send();

  return {
    reportOf({ taskToken, workflowId, tookMs, nextInMs }, report) {
      const inMs = PUT_OFF_MS - tookMs;
      if (!isRush() || inMs <= 0 || nextInMs <= inMs) return report();
      const send = async () => {
        try {
          await client.activity.fail(taskToken, report());
        } catch (error) {
          if (error instanceof ActivityNotFoundError) return; // the job has ended, and another worker knows
          log.warn('what the first look at a job saw could not be reported; Temporal has another made', { error });
        }
      };
      const timer = setTimeout(() => void sendNow(workflowId), inMs).unref();
      waiting.set(workflowId, { timer, send });
      return new CompleteAsyncError();
    },
    forget: (workflowId) => {
      take(workflowId);
    },
    sendNow,
  };
}
