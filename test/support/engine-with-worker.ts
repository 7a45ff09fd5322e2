import { randomUUID } from 'node:crypto';
import type { Job } from '../../schemas/types';
import { eventually } from './eventually';
import { type RealRun, startRealRun } from './real-run';
import { startReceiver, type TestReceiver } from './receiver';
import { SUCCEEDED, scriptedProvider } from './scripted-provider';

export interface EngineWithWorker extends RealRun {
  /** The endpoint `orders`, with default events; and `patient`, which is tried again an hour after an attempt has failed. */
  readonly orders: TestReceiver;
  /** The endpoint `audit`, for `job.running`, `job.succeeded` and `job.canceled`. */
  readonly audit: TestReceiver;
  /** The endpoint `impatient`, whose retry window is over at once. */
  readonly impatient: TestReceiver;
  /** Submits a job of a new name; resolves when the provider has been asked about it. */
  submitted(endpoints?: string[]): Promise<Job>;
  /** Resolves when the run of a job is done. */
  ended(name: string): Promise<Job>;
  /** A job that has succeeded, its endpoints notified. */
  finished(endpoints?: string[]): Promise<Job>;
}

const HOUR = 3_600_000;

/** The engine on the test run's real Temporal server, with a worker and two receivers. */
export async function engineWithWorker(): Promise<EngineWithWorker> {
  const orders = await startReceiver();
  const audit = await startReceiver();
  const impatient = await startReceiver();
  const run = await startRealRun({
    endpoints: [
      { name: 'orders', url: orders.url },
      { name: 'patient', url: orders.url, retry: { firstMs: HOUR, factor: 1, maxMs: HOUR, forMs: 24 * HOUR } },
      { name: 'impatient', url: impatient.url, retry: { firstMs: 100, factor: 1, maxMs: 100, forMs: 50 } },
      { name: 'audit', url: audit.url, events: ['job.running', 'job.succeeded', 'job.canceled'] },
    ],
    provider: scriptedProvider({ cancel: 'accepts' }),
  });

  const submitted = async (endpoints = ['orders']) => {
    const name = `job-${randomUUID()}`;
    const { job } = await run.jobs.submit({ provider: 'scripted', job: name, endpoints });
    await eventually('the provider was asked', () => run.provider.asked.includes(name));
    return job;
  };
  const ended = (name: string) =>
    eventually('the run is done', async () => {
      const job = await run.jobs.get('scripted', name);
      return job.phase === 'done' && job;
    });
  const finished = async (endpoints?: string[]) => {
    const { job } = await submitted(endpoints);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    return ended(job);
  };
  return {
    ...run,
    orders,
    audit,
    impatient,
    submitted,
    ended,
    finished,
    stop: async () => {
      await run.stop();
      await orders.close();
      await audit.close();
      await impatient.close();
    },
  };
}

/** What a receiver was sent about a job. */
export function received(receiver: TestReceiver, name: string) {
  return receiver.received.filter(({ json }) => json.data?.['job'] === name);
}
