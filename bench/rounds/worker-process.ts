import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { Pool } from 'undici';
import { DEFAULTS } from '../../src/config/defaults';
import { NOT_ASKED_YET } from '../../src/domain/job-run';
import type { Provider } from '../../src/providers/provider';
import { WORKER_SETTINGS } from '../../src/temporal/create-worker';
import { dialClient } from '../../src/temporal/dial-client';
import { bundleWorkflows } from '../../src/temporal/workflow-bundle';
import { quietRuntime } from '../../test/support/quiet-runtime';
import { runJobs } from '../../test/support/run-jobs';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../../test/support/scripted-provider';
import type { BareActivities } from './bare-workflow';
import { asChild } from './child';
import { roundConfig, TIMED_PATH } from './round-config';

/** What a worker process gets when it is started. */
export interface WorkerOrder {
  readonly kind: 'ours' | 'bare';
  readonly address: string;
  readonly taskQueue: string;
  readonly sinkUrl: string;
}

const logger = new DefaultLogger('WARN');

asChild(async (order: WorkerOrder) => {
  quietRuntime();
  const connection = await NativeConnection.connect({ address: order.address });
  if (order.kind === 'ours') await startOurs(order, connection);
  else await startBare(order, connection);
  return 'works';
});

async function startOurs({ address, taskQueue, sinkUrl }: WorkerOrder, connection: NativeConnection): Promise<void> {
  await runJobs({
    config: roundConfig({ address, taskQueue }, sinkUrl),
    provider: instantProvider(),
    client: new Client({ connection: await dialClient({ address }) }),
    connection,
    bundle: await bundleWorkflows(logger),
  });
}

/** The same settings for worker and bundle, the same HTTP client with the same pool settings, and nothing else. */
async function startBare({ taskQueue, sinkUrl }: WorkerOrder, connection: NativeConnection): Promise<void> {
  const { origin, pathname } = new URL(sinkUrl);
  const pool = new Pool(origin, { headersTimeout: 0, bodyTimeout: 0 });
  const activities: BareActivities = {
    post: async (job) => {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: job.startsWith('timed') ? TIMED_PATH : pathname,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ job, state: 'COMPLETED', artifacts: [{ uri: 'gs://bucket/out' }] }),
      });
      await body.dump();
      if (statusCode !== 204) throw new Error(`HTTP ${statusCode}`);
      return statusCode;
    },
  };
  const workflowsPath = require.resolve('./bare-workflow');
  const worker = await Worker.create({
    ...WORKER_SETTINGS,
    maxCachedWorkflows: DEFAULTS.worker.maxCachedWorkflows,
    connection,
    taskQueue,
    activities: { ...activities },
    workflowBundle: await bundleWorkflowCode({ workflowsPath, preloadModules: [workflowsPath], logger }),
  });
  void worker.run();
}

/** What a worker process hears of a job that ends. */
export interface JobEnded {
  readonly ended: string;
}

/**
 * A provider that costs nothing: a job runs until this process hears that it has ended. So a round measures what jobherald
 * and Temporal cost, not what a provider takes to answer.
 */
export function instantProvider(): Provider {
  const ended = new Set<string>();
  process.on('message', (message: Partial<JobEnded>) => {
    if (message.ended !== undefined) ended.add(message.ended);
  });
  return {
    ...scriptedProvider(),
    getJobStatus: async (job) => ({ ...NOT_ASKED_YET, ...(ended.has(job) ? SUCCEEDED : RUNNING) }),
  };
}
