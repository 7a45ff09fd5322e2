import { type ArgoEmulator, startArgoEmulator } from '../../src/dev/emulators/argo/emulator';
import { startRabbitmq } from '../../test/support/services/rabbitmq';
import type { End, PlannedJob } from '../plan/job';
import { uuidFrom } from '../plan/random';
import { RETRY, TIMEOUT } from '../stage/config-file';
import { declareTopology, EXCHANGE, publisherTo, UPDATES } from '../stage/monai-broker';
import type { Part } from '../stage/part';
import { readQueueOn } from '../stage/queue-reader';
import type { OpenSystem, PlayTools } from './system';

const PROVIDER = 'monai';
const ENDPOINT = 'task-updates';

/** Argo has no words for a task that was canceled or failed in part: its other ends stand for those. */
const PHASES = {
  succeeded: { phase: 'Succeeded', endsAs: 'job.succeeded' },
  failed: { phase: 'Failed', endsAs: 'job.failed' },
  canceled: { phase: 'Error', endsAs: 'job.failed' },
  partially_failed: { phase: 'Succeeded', endsAs: 'job.succeeded' },
} as const satisfies Record<End, object>;

/**
 * MONAI Deploy: tasks are dispatched and called back over a real RabbitMQ, which is killed; Argo's emulator is the truth.
 * The sender publishes again until the broker confirms. A task that nobody ever calls back runs into its time-out by
 * design, so a lost callback is one that came early, before the end, and the poll does the rest.
 */
export const openMonai: OpenSystem = async ({ webhooks, directory, onTaken }) => {
  const rabbitmq = await startRabbitmq();
  const argo = await startArgoEmulator();
  const url = rabbitmq.url.replace('//', '//guest:guest@');
  await declareTopology(url);
  const publish = publisherTo(url);
  const reader = readQueueOn({ url, queue: UPDATES, endpoint: ENDPOINT, directory, onTaken });
  const part: Part = {
    name: 'rabbitmq',
    pid: () => undefined,
    start: () => rabbitmq.restart(),
    kill: () => rabbitmq.kill(),
  };
  const endpoints = [...webhooks, ENDPOINT];

  return {
    name: PROVIDER,
    provider: {
      rabbitmq: rabbitmq.url,
      exchange: EXCHANGE,
      argo: { url: argo.url },
      poll: { first: '1s', factor: 1.5, max: '4s' },
      sweep: { every: '2s' },
      track: { auto: true, endpoints },
    },
    endpoints: [
      {
        name: ENDPOINT,
        channel: 'rabbitmq',
        format: PROVIDER,
        secret: null,
        effects: null,
        config: {
          name: ENDPOINT,
          type: 'rabbitmq',
          url: rabbitmq.url,
          exchange: EXCHANGE,
          routing_key: UPDATES,
          format: PROVIDER,
          timeout: TIMEOUT,
          retry: RETRY,
        },
      },
    ],
    parts: [part],
    play: (planned, tools) => play(planned, tools, { argo, publish: publish.send, endpoints }),
    async close() {
      await Promise.all([publish.close(), reader.close()]);
      await argo.close();
      await rabbitmq.stop();
    },
  };
};

interface Scene {
  readonly argo: ArgoEmulator;
  readonly publish: (routingKey: string, body: unknown) => Promise<void>;
  readonly endpoints: readonly string[];
}

async function play(
  { seed, submitAtMs, endsAfterMs, end, hints, submissions, index, load }: PlannedJob,
  { journal, until, now }: PlayTools,
  { argo, publish, endpoints }: Scene,
): Promise<void> {
  const job = uuidFrom(seed);
  const identity = `md-${job.slice(0, 13)}`;
  const { phase, endsAs } = PHASES[end];
  const ids = {
    workflow_instance_id: uuidFrom(`${seed}/workflow`),
    task_id: `task-${index}`,
    execution_id: job,
    // AMQP's own property of this name holds 255 bytes.
    correlation_id: load === 'long_ids' ? '€'.repeat(200) : uuidFrom(`${seed}/correlation`),
  };
  const sent = (body: object) => (load === 'byte_order_mark' ? `\ufeff${JSON.stringify(body)}` : body);
  const strange = load === 'null_parts' ? NULL_PARTS : {};
  const callBack = (as: string, copies: number) =>
    Promise.all(
      Array.from({ length: copies }, () =>
        publish('md.tasks.callback', sent({ ...ids, identity: as, metadata: { acceptance: true }, outputs: [] })),
      ),
    );
  const finish = () => {
    journal.ends({ provider: PROVIDER, job, type: endsAs });
    argo.set(identity, {
      phase,
      startedAt: at(-1_000),
      finishedAt: at(0),
      ...(phase === 'Error' && { message: 'no' }),
      ...strange,
    });
  };

  await until(submitAtMs);
  argo.set(identity, { phase: 'Running', startedAt: at(0), ...strange });
  if (endsAfterMs < 0) finish();
  journal.submits({ provider: PROVIDER, job, endpoints });
  for (let copy = 0; copy < submissions; copy++) await publish('md.tasks.dispatch', sent(dispatchOf(ids)));
  journal.accepted({ system: PROVIDER, provider: PROVIDER, job, key: null, endpoints });
  const endsAtMs = now() + Math.max(0, endsAfterMs);

  const isLost = !hints.some((hint) => !hint.isForged);
  const lives = async () => {
    if (endsAfterMs < 0) return;
    await until(endsAtMs);
    finish();
  };
  const early = async () => {
    if (isLost) await callBack(identity, 1);
  };
  const late = hints.map(async ({ afterEndMs, copies, isForged }) => {
    await until(Math.max(now(), endsAtMs + afterEndMs));
    await callBack(isForged ? `${identity}-forged` : identity, copies);
  });
  await Promise.all([lives(), early(), ...late]);
}

/** What Argo has no value for, a node of a pod that is gone, Go's time for none, and a time that is none. */
const NULL_PARTS = {
  nodes: { first: null, second: { type: 'Pod', startedAt: null } },
  resourcesDuration: null,
  conditions: null,
  startedAt: '0001-01-01T00:00:00Z',
  finishedAt: 'soon',
};

/** What MONAI's workflow manager publishes, credentials included. */
function dispatchOf(ids: object): object {
  const storage = {
    name: 'data',
    endpoint: 'minio:9000',
    credentials: { access_key: 'KEY', access_token: 'SECRET', session_token: '' },
    bucket: 'monaideploy',
    secured_connection: false,
    relative_root_path: '/payload',
  };
  return {
    ...ids,
    payload_id: 'payload',
    type: 'argo',
    task_plugin_arguments: {},
    status: 'Dispatched',
    inputs: [storage],
    outputs: [storage],
    intermediate_storage: storage,
    metadata: {},
  };
}

function at(offsetMs: number): string {
  return new Date(Date.now() + offsetMs).toISOString();
}
