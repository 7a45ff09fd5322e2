import { type RealRun, startRealRun } from './real-run';
import { connectRealTemporal, type RealTemporal } from './real-temporal';
import { startReceiver, type TestReceiver } from './receiver';

export interface RealRuns {
  /** As {@link startRealRun}. */
  start(options?: Parameters<typeof startRealRun>[0]): Promise<RealRun>;
  /** As {@link startReceiver}. */
  receiver(): Promise<TestReceiver>;
}

/**
 * For a `describe` of tests of running jobs: whatever one of them starts is ended after it, the last first, or with the
 * last of them where they share it. They speak to Temporal by one connection.
 */
export function useRealRuns({ endAfter = 'each' }: { readonly endAfter?: 'each' | 'all' } = {}): RealRuns {
  let temporal: Promise<RealTemporal> | undefined;
  const toEnd: (() => Promise<void>)[] = [];
  const end = async () => {
    for (const stop of toEnd.splice(0).reverse()) await stop();
  };
  if (endAfter === 'each') afterEach(end);
  afterAll(async () => {
    await end();
    await (await temporal)?.close();
  });
  const ownTemporal = () => {
    temporal ??= connectRealTemporal();
    return temporal;
  };
  return {
    async start(options = {}) {
      const run = await startRealRun({ ...options, temporal: options.temporal ?? (await ownTemporal()) });
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
