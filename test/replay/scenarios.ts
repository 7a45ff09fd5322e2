import type { WorkflowHandle } from '@temporalio/client';
import { endpointPauseWorkflowId, endpointRetryWorkflowId } from '../../src/domain/endpoint-pause';
import { noticeRequest } from '../../src/domain/notice';
import { JOB_RETRY_WORKFLOW_TYPE } from '../../src/domain/retry-now';
import { caretakerWorkflowId, scopeWatchWorkflowId } from '../../src/domain/scope-watch';
import { createEndpointPauses, createRedeliveries, ensureCaretaker, startNotice } from '../../src/engine';
import { ProviderError } from '../../src/providers/provider';
import { currentDetails } from '../support/current-details';
import { eventually } from '../support/eventually';
import { type RealRun, startRealRun } from '../support/real-run';
import type { RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { RUNNING, type ScriptedProvider, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { PROVIDER_SCENARIOS } from './provider-scenarios';

/** What a scenario plays with. Each has a worker, a provider and two receivers of its own. */
export interface Stage {
  readonly run: RealRun;
  readonly provider: ScriptedProvider;
  /** Listens to the ends. */
  readonly orders: TestReceiver;
  /** Listens to everything. */
  readonly audit: TestReceiver;
  /** Submits the job, once the provider has been asked about it. */
  submit(options?: { readonly heartbeat_deadline_seconds?: number }): Promise<WorkflowHandle>;
}

export interface Scenario {
  /** The job's name, and the name of the recorded file. */
  readonly name: string;
  readonly provider?: () => ScriptedProvider;
  /** On the server that asks for a new run after few events. */
  readonly impatient?: boolean;
  /** How long the endpoints are tried, ms; default an hour. */
  readonly windowMs?: number;
  /** Plays it; the handles of the runs to record, by what is added to the scenario's name. */
  play(stage: Stage): Promise<Readonly<Record<string, WorkflowHandle>>>;
}

const EVERYTHING = [
  'job.running',
  'job.progress',
  'job.stalled',
  'job.succeeded',
  'job.failed',
  'job.canceled',
  'task.running',
] as const;
const CANCELED = { state: 'CANCELED', provider_state: 'JOB_STATE_CANCELLED' } as const;
const quickPoll = () => scriptedProvider({ poll: { firstMs: 100, factor: 1, maxMs: 100 } });
const progress = (percentage_completed: number) => ({ ...RUNNING, progress: { percentage_completed } });

/** The main ways through every workflow, open and closed. A path that is added to a workflow is added here, too. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'signal-completed',
    async play({ submit, provider }) {
      const handle = await submit();
      provider.says(SUCCEEDED);
      await handle.signal('completion', { idempotency_key: 'hint' });
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'signal-too-early',
    async play({ submit, provider }) {
      const handle = await submit();
      await handle.signal('completion');
      await eventually('the hint is followed', () => provider.asked.length === 2);
      provider.says(SUCCEEDED);
      await handle.signal('completion');
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'poll-completed',
    async play({ submit, provider }) {
      provider.says(SUCCEEDED);
      const handle = await submit();
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'heartbeat-completed',
    async play({ submit, provider }) {
      const handle = await submit({ heartbeat_deadline_seconds: 3600 });
      provider.says(SUCCEEDED);
      await handle.signal('heartbeat', { heartbeat_deadline_seconds: 1 });
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'provider-unavailable',
    async play({ submit, provider }) {
      const handle = await submit();
      provider.says(new ProviderError('unavailable', 'the provider is away'));
      await handle.signal('completion');
      await eventually('the watch asks on', () => provider.asked.length >= 3);
      provider.says(SUCCEEDED);
      await handle.signal('completion');
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'canceled',
    async play({ submit, provider }) {
      const handle = await submit();
      await handle.cancel();
      await eventually('the provider is asked to cancel', () => provider.canceled.length === 1);
      provider.says(CANCELED);
      await handle.signal('completion');
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'cancel-unsupported',
    provider: () => scriptedProvider({ cancel: 'unsupported' }),
    async play({ submit }) {
      const handle = await submit();
      await handle.cancel();
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'progress',
    provider: quickPoll,
    async play({ submit, provider, audit }) {
      const handle = await submit();
      await told(audit, 'job.running');
      provider.says(progress(40));
      await told(audit, 'job.progress');
      provider.says(SUCCEEDED);
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'progress-overtaken',
    provider: quickPoll,
    async play({ submit, provider, audit }) {
      audit.answer(503);
      const handle = await submit();
      await told(audit, 'job.running');
      provider.says(progress(40));
      await eventually(
        'job.progress is planned',
        async () => ((await handle.query('job')) as { deliveries: unknown[] }).deliveries.length === 2,
      );
      audit.answer(204);
      provider.says(SUCCEEDED);
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'exhausted',
    windowMs: 500,
    async play({ submit, provider, orders }) {
      orders.answer(500);
      provider.says(SUCCEEDED);
      const handle = await submit();
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'continued-as-new',
    impatient: true,
    async play({ run, submit, provider, audit, orders }) {
      audit.answer(503);
      const handle = await submit({ heartbeat_deadline_seconds: 3600 });
      await told(audit, 'job.running');
      const whileWaiting = await continued(run, handle);
      orders.answer(503);
      provider.says(SUCCEEDED);
      await handle.signal('completion');
      await told(orders, 'job.succeeded');
      const whileNotifying = await continued(run, handle);
      audit.answer(204);
      orders.answer(204);
      await handle.result();
      return { '-while-waiting': whileWaiting, '-while-notifying': whileNotifying, '-last-run': handle };
    },
  },
  {
    name: 'redelivery',
    async play({ run, submit, provider, orders }) {
      provider.says(SUCCEEDED);
      await (await submit()).result();
      await run.jobs.redeliver('scripted', 'redelivery', {});
      const again = await eventually('the redelivery is found', async () => {
        for await (const { workflowId } of run.client.workflow.list({ query: "WorkflowType = 'redelivery'" })) {
          return run.client.workflow.getHandle(workflowId);
        }
        return undefined;
      });
      await again.result();
      if (orders.received.length !== 2) throw new Error('nothing was redelivered');
      return { '': again };
    },
  },
  {
    name: 'notice',
    async play({ run, orders }) {
      const { taskQueue } = run.config.temporal;
      const notice = {
        type: 'endpoint.test',
        timestamp: '2026-01-02T04:00:00Z',
        distinguishers: [],
        data: {},
      } as const;
      await startNotice(run.client, taskQueue, { endpoint: 'orders' }, notice);
      const handle = run.client.workflow.getHandle(
        `notice/${noticeRequest(notice, { endpoint: 'orders' }).message.id}`,
      );
      await handle.result();
      if (orders.received.length !== 1) throw new Error('the notice was not told');
      return { '': handle };
    },
  },
  {
    name: 'endpoint-pause',
    async play({ run }) {
      const pauses = createEndpointPauses(run.client, run.config.temporal.taskQueue);
      await pauses.pause({ endpoint: 'archive', reason: 'an operator paused it' });
      await pauses.pause({ endpoint: 'reports', reason: 'an operator paused it' });
      const paused = run.client.workflow.getHandle(endpointPauseWorkflowId('archive'));
      const resumed = run.client.workflow.getHandle(endpointPauseWorkflowId('reports'));
      const { runId } = await resumed.describe();
      await pauses.resume('reports');
      await resumed.result();
      const retry = run.client.workflow.getHandle(endpointRetryWorkflowId('reports', runId));
      await retry.result();
      await currentDetails(paused); // answered once a worker has seen the run
      return { '-open': paused, '-resumed': resumed, '-retry': retry };
    },
  },
  {
    name: 'job-retry',
    async play({ run, submit, provider, orders }) {
      const handle = await submit();
      orders.answer(503);
      const release = orders.hold();
      provider.says(SUCCEEDED);
      await handle.signal('completion');
      await eventually('an attempt is under way', () => orders.received.length === 1);
      await run.jobs.retry('scripted', 'job-retry');
      orders.answer(204);
      const query = `WorkflowType = '${JOB_RETRY_WORKFLOW_TYPE}' AND TaskQueue = '${run.config.temporal.taskQueue}'`;
      const retry = await eventually('it is followed', async () => {
        for await (const { workflowId } of run.client.workflow.list({ query })) return workflowId;
        return undefined;
      });
      release();
      await handle.result();
      const followed = run.client.workflow.getHandle(retry);
      await followed.result();
      return { '': followed };
    },
  },
  {
    name: 'bulk-redelivery',
    async play({ run, submit, provider, orders }) {
      provider.says({ ...SUCCEEDED, ended_at: '2030-01-01T12:00:00Z' }); // when no other scenario's job ends
      await (await submit()).result();
      await run.jobs.submit({ provider: 'scripted', job: 'bulk-redelivery-2', endpoints: ['orders'] });
      await run.client.workflow.getHandle('scripted/bulk-redelivery-2').result();
      const paging = { pageSize: 1, pagesPerRun: 1 };
      const { id } = await createRedeliveries(run.client, run.config, paging).start({
        since: '2030-01-01T00:00:00Z',
        until: '2030-01-02T00:00:00Z',
        idempotency_key: 'bulk-redelivery',
        endpoint: 'orders',
        max_rate: 1,
      });
      const first = run.client.workflow.getHandle(`bulk-redelivery/${id}`);
      const { runId } = await first.describe();
      await first.result();
      await eventually('both are sent again', () => orders.received.length === 4);
      return { '': run.client.workflow.getHandle(first.workflowId, runId), '-last-run': first };
    },
  },
  {
    name: 'refused-input',
    async play({ run }) {
      const handle = await run.client.workflow.start('job', {
        taskQueue: run.config.temporal.taskQueue,
        workflowId: 'scripted/refused-input',
        args: [{}],
      });
      await handle.result().catch(() => undefined);
      return { '': handle };
    },
  },
  {
    name: 'open-waiting',
    async play({ submit, provider, audit }) {
      const handle = await submit({ heartbeat_deadline_seconds: 3600 });
      await told(audit, 'job.running');
      const before = provider.asked.length;
      await handle.signal('completion');
      await eventually('the hint is followed', () => provider.asked.length > before);
      await handle.query('job'); // answered once the task is done
      return { '': handle };
    },
  },
  {
    name: 'open-notifying',
    async play({ submit, provider, orders }) {
      orders.answer(503);
      provider.says(SUCCEEDED);
      const handle = await submit();
      await told(orders, 'job.succeeded');
      return { '': handle };
    },
  },
  {
    name: 'watched',
    async play({ run, submit, provider }) {
      await submit();
      const { taskQueue } = run.config.temporal;
      const scope = provider.watching?.scopeOf('') ?? '';
      const watch = run.client.workflow.getHandle(scopeWatchWorkflowId({ provider: 'scripted', scope }, taskQueue));
      await ensureCaretaker(run.client, taskQueue);
      const caretaker = run.client.workflow.getHandle(caretakerWorkflowId(taskQueue));
      for (const handle of [watch, caretaker]) {
        await eventually('its activity is under way', async () => {
          const { raw } = await handle.describe();
          return (raw.pendingActivities ?? []).length > 0;
        });
      }
      await watch.signal('nonsense');
      return { '-scope': watch, '-caretaker': caretaker };
    },
  },
  ...PROVIDER_SCENARIOS,
];

/** Sets the stage for a scenario, plays it, and has `record` see its runs while they are as they are. */
export async function perform(
  scenario: Scenario,
  temporal: RealTemporal,
  record: (name: string, handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  const [orders, audit] = [await startReceiver(), await startReceiver()];
  const provider = scenario.provider?.() ?? scriptedProvider();
  const retry = { firstMs: 200, factor: 1, maxMs: 200, forMs: scenario.windowMs ?? 3600_000 };
  const run = await startRealRun({
    temporal,
    provider,
    endpoints: [
      { name: 'orders', url: orders.url, retry },
      { name: 'audit', url: audit.url, retry, events: EVERYTHING },
    ],
  });
  const submit: Stage['submit'] = async (options = {}) => {
    await run.jobs.submit({ provider: 'scripted', job: scenario.name, endpoints: ['orders', 'audit'], ...options });
    await eventually('the provider is asked', () => provider.asked.length > 0);
    return run.client.workflow.getHandle(`scripted/${scenario.name}`);
  };
  try {
    const recorded = await scenario.play({ run, provider, orders, audit, submit });
    for (const [suffix, handle] of Object.entries(recorded)) await record(scenario.name + suffix, handle);
  } finally {
    await run.stop();
    await Promise.all([orders.close(), audit.close()]);
  }
}

async function told(receiver: TestReceiver, type: string): Promise<void> {
  await eventually(`${type} is notified`, () => receiver.received.some(({ json }) => json.type === type));
}

/** Sends heartbeats until the run has been continued; the handle of the run that is over. */
async function continued(run: RealRun, handle: WorkflowHandle): Promise<WorkflowHandle> {
  const { runId } = await handle.describe();
  await eventually('the run is continued', async () => {
    await handle.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
    return (await handle.describe()).runId !== runId;
  });
  return run.client.workflow.getHandle(handle.workflowId, runId);
}
