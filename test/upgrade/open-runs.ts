import { randomInt } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { endpointPauseWorkflowId } from '../../src/domain/endpoint-pause';
import { bulkRedeliveryWorkflowId, redeliveryWorkflowId } from '../../src/domain/redelivery';
import { caretakerWorkflowId, scopeWatchWorkflowId } from '../../src/domain/scope-watch';
import { ensureCaretaker } from '../../src/engine';
import { failedTasks } from '../support/event-types';
import { eventually } from '../support/eventually';
import type { TestReceiver } from '../support/receiver';
import type { Stage } from './stage';

/** Open runs of every kind, begun by one version of the workers. */
export interface OpenRuns {
  /** Those that end, by what they are. */
  readonly ending: Readonly<Record<string, WorkflowHandle>>;
  /** Watch and caretaker, which never end. */
  readonly lasting: readonly WorkflowHandle[];
  /** Lets everything go on that was held up, and waits until all of it has ended, without one failed workflow task. */
  settle(): Promise<void>;
}

const MINUTE = 60_000;
const JOBS = ['waits', 'swept', 'notifies', 'done', 'redelivered'] as const;
type JobKind = (typeof JOBS)[number];

/** The endpoints of each kind of job. */
const ENDPOINTS: Readonly<Record<JobKind, readonly ('orders' | 'flaky' | 'held')[]>> = {
  waits: ['orders'],
  swept: ['orders'],
  notifies: ['orders', 'flaky', 'held'],
  done: ['orders', 'flaky'],
  redelivered: ['orders'],
};

/**
 * @param generation tells its jobs from those of others
 */
export async function openRuns(stage: Stage, generation: string): Promise<OpenRuns> {
  const { client, jobs, endpoints, redeliveries, ended, flaky, heldName, taskQueue } = stage;
  const namesOf = (kind: JobKind) => ENDPOINTS[kind].map((to) => (to === 'held' ? heldName : to));
  const nameOf = (kind: JobKind) => `${taskQueue}-${generation}-${kind}`;
  const runOf = (kind: JobKind) => client.workflow.getHandle(`scripted/${nameOf(kind)}`);
  // Within a minute of their own, so that bulk redelivery finds these and no others.
  const minute = Date.UTC(2040, 0) + randomInt(20 * 365 * 24 * 60) * MINUTE;
  const end = (kind: JobKind) => ended.set(nameOf(kind), new Date(minute).toISOString());

  flaky.answer(204);
  end('done');
  end('redelivered');
  for (const kind of JOBS.filter((each) => each !== 'notifies')) {
    await jobs.submit({ provider: 'scripted', job: nameOf(kind), endpoints: namesOf(kind) });
  }
  await Promise.all([runOf('done').result(), runOf('redelivered').result()]);

  flaky.answer(503);
  await endpoints.pause(heldName);
  end('notifies');
  await jobs.submit({ provider: 'scripted', job: nameOf('notifies'), endpoints: namesOf('notifies') });
  await jobs.redeliver('scripted', nameOf('done'), { endpoint: 'flaky' });
  const before = flaky.received.length;
  await endpoints.test('flaky');
  const notice = await eventually('the notice has a run', () => noticeIn(stage, flaky.received.slice(before)));
  await eventually('the end is notified where it can be', () => attempts(stage.orders, nameOf('notifies')) === 1);
  await eventually('a delivery and a redelivery are in back-off', () =>
    (['notifies', 'done'] as const).every((kind) => attempts(flaky, nameOf(kind)) >= 2),
  );

  await ensureCaretaker(client, taskQueue);
  const scope = stage.provider.watching?.scopeOf('') ?? '';
  const watch = scopeWatchWorkflowId({ provider: 'scripted', scope }, taskQueue);
  const lasting = [watch, caretakerWorkflowId(taskQueue)].map((id) => client.workflow.getHandle(id));
  for (const run of lasting) {
    await eventually('its activity is under way', async () => {
      const { raw } = await run.describe();
      return (raw.pendingActivities ?? []).length > 0;
    });
  }

  const pause = client.workflow.getHandle(endpointPauseWorkflowId(heldName));
  const begun = {
    'a job that waits': runOf('waits'),
    'a job that a sweep will find ended': runOf('swept'),
    'a job that notifies, with a delivery in back-off and one that is held': runOf('notifies'),
    'a redelivery': client.workflow.getHandle(redeliveryWorkflowId(runOf('done').workflowId, 1)),
    'the pause of an endpoint': client.workflow.getHandle(pause.workflowId, (await pause.describe()).runId),
    'a notice': notice,
  };
  for (const [what, run] of Object.entries(begun)) {
    expect([what, (await run.describe()).status.name]).toEqual([what, 'RUNNING']);
  }
  // Last: for its first two seconds it waits for the index.
  const { id } = await redeliveries.start({
    since: new Date(minute).toISOString(),
    until: new Date(minute + MINUTE).toISOString(),
    endpoint: 'orders',
  });

  const ending = { ...begun, 'a bulk redelivery': client.workflow.getHandle(bulkRedeliveryWorkflowId(id)) };
  return {
    ending,
    lasting,
    async settle() {
      end('swept'); // which nobody announces
      end('waits');
      await jobs.complete('scripted', nameOf('waits'), {});
      flaky.answer(204);
      await endpoints.resume(heldName);
      for (const [what, run] of Object.entries(ending)) {
        await eventually(`${what} has ended`, async () => {
          expect([what, await failedTasks(run)]).toEqual([what, []]);
          const { status } = await run.describe();
          if (status.name === 'RUNNING') return false;
          expect([what, status.name]).toEqual([what, 'COMPLETED']);
          return true;
        });
      }
      for (const run of lasting) expect([run.workflowId, await failedTasks(run)]).toEqual([run.workflowId, []]);
      await eventually('what is redelivered in bulk arrives', () =>
        (['notifies', 'done', 'redelivered'] as const).every((kind) => attempts(stage.orders, nameOf(kind)) === 2),
      );
    },
  };
}

/** What every endpoint has to have been notified of: `endpoint job`. */
export function expectedEffects(stage: Stage, generations: readonly string[]): string[] {
  return generations
    .flatMap((generation) =>
      JOBS.flatMap((kind) => ENDPOINTS[kind].map((to) => `${to} ${stage.taskQueue}-${generation}-${kind}`)),
    )
    .sort();
}

/** What a receiver that deduplicates by `webhook-id` has done: `endpoint job` for each id. */
export function effects({ orders, flaky, held }: Stage): string[] {
  return Object.entries({ orders, flaky, held })
    .flatMap(([endpoint, { received }]) => {
      const byId = new Map(received.map(({ headers, json }) => [headers['webhook-id'], json.data?.['job']]));
      return [...byId.values()].filter((job) => job !== undefined).map((job) => `${endpoint} ${job}`);
    })
    .sort();
}

function attempts({ received }: TestReceiver, job: string): number {
  return received.filter(({ json }) => json.data?.['job'] === job).length;
}

/** Its ID has the event's in it. */
function noticeIn({ client }: Stage, received: TestReceiver['received']): WorkflowHandle | undefined {
  const test = received.find(({ json }) => json.type === 'endpoint.test');
  return test && client.workflow.getHandle(`notice/${test.headers['webhook-id']}`);
}
