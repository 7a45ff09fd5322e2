import { proxyActivities, sleep } from '@temporalio/workflow';

const { succeedsAtAttempt } = proxyActivities<{
  succeedsAtAttempt(options: { readonly attempt: number; readonly pauseMs: number }): Promise<number>;
}>({ startToCloseTimeout: '10 seconds' });

/** Resolves with how long the timer took by the workflow's clock. */
export async function waitsForATimer(duration: number): Promise<number> {
  const start = Date.now();
  await sleep(duration);
  return Date.now() - start;
}

/** Resolves with how long the retries took by the workflow's clock. */
export async function waitsForRetries(options: {
  readonly attempt: number;
  readonly pauseMs: number;
}): Promise<number> {
  const start = Date.now();
  await succeedsAtAttempt(options);
  return Date.now() - start;
}
