import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { Submission } from '../../schemas/types';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { createEngine, type Jobs } from '../../src/engine';
import { connectRealTemporal, type RealTemporal } from './real-temporal';
import { scriptedProvider } from './scripted-provider';
import { type TestEndpoint, testConfig } from './test-config';

const ENDPOINTS = [
  { name: 'orders', url: 'https://orders.example.com/hook' },
  { name: 'audit', url: 'https://audit.example.com/hook' },
];

export interface EngineWithoutWorker {
  readonly temporal: RealTemporal;
  readonly client: Client;
  readonly jobs: Jobs;
  /** The same, at a provider that tracks unknown jobs. */
  readonly tracking: Jobs;
  /** The same, once an endpoint was removed from the configuration. */
  without(endpoint: string): { readonly jobs: Jobs };
  close(): Promise<void>;
}

/** The engine on the test run's real Temporal server, with the endpoints `orders` and `audit`, and no worker up. */
export async function engineWithoutWorker(): Promise<EngineWithoutWorker> {
  const temporal = await connectRealTemporal();
  const client = new Client({ connection: temporal.connection });
  const jobsOf = (provider = scriptedProvider(), endpoints: readonly TestEndpoint[] = ENDPOINTS) => {
    const config = testConfig({ endpoints, temporal: temporal.config });
    return createEngine({ client, config, providers: new Map([[provider.name, provider]]) }).jobs;
  };
  return {
    temporal,
    client,
    jobs: jobsOf(),
    tracking: jobsOf(scriptedProvider({ track: { auto: true, endpoints: ['audit'] } })),
    without: (endpoint) => ({
      jobs: jobsOf(
        undefined,
        ENDPOINTS.filter(({ name }) => name !== endpoint),
      ),
    }),
    close: () => temporal.close(),
  };
}

export function aSubmission(more: Partial<Submission> = {}): Submission {
  return { provider: 'scripted', job: `job-${randomUUID()}`, endpoints: ['orders'], ...more };
}

/** The error that a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<JobHeraldError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof JobHeraldError)) throw new Error('not refused with a JobHeraldError', { cause: error });
  return error;
}
