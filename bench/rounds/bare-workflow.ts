import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

export interface BareActivities {
  post(job: string): Promise<number>;
}

const { post } = proxyActivities<BareActivities>({ startToCloseTimeout: '11 minutes' });

/** What there is to compare with: wait for a signal, POST by one activity, done. */
export async function bare(job: string): Promise<number> {
  let hinted = false;
  setHandler(defineSignal<[unknown]>('completion'), () => {
    hinted = true;
  });
  await condition(() => hinted);
  return post(job);
}
