import { type RealRun, startRealRun } from './real-run';
import { startReceiver, type TestReceiver } from './receiver';

export interface RealRuns {
  /** As {@link startRealRun}, until the test is over. */
  start(options?: Parameters<typeof startRealRun>[0]): Promise<RealRun>;
  /** As {@link startReceiver}, until the test is over. */
  receiver(): Promise<TestReceiver>;
}

/** For a `describe` of tests of running jobs: whatever one of them starts is ended after it, the last first. */
export function useRealRuns(): RealRuns {
  const toEnd: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of toEnd.splice(0).reverse()) await end();
  });
  return {
    async start(options) {
      const run = await startRealRun(options);
      toEnd.push(run.stop);
      return run;
    },
    async receiver() {
      const receiver = await startReceiver();
      toEnd.push(receiver.close);
      return receiver;
    },
  };
}
