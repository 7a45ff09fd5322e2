import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTopic } from '../../test/support/services/kafka/admin';
import { startKafka } from '../../test/support/services/kafka/kafka';
import { produce } from '../../test/support/services/kafka/produce';
import { startTcpForwarder } from '../../test/support/tcp-forwarder';
import type { End, PlannedJob } from '../plan/job';
import { random, uuidFrom } from '../plan/random';
import { RETRY, TIMEOUT } from '../stage/config-file';
import type { Part } from '../stage/part';
import { readTopicOn } from '../stage/topic-reader';
import { expectCount } from './loads';
import type { OpenSystem, PlayTools } from './system';

const PROVIDER = 'spec-001';
const REPORTS = 'jobs.reports';
const STATUS_OUT = 'jobs.status';
const ENDPOINT = 'status-topic';
const AGAIN_AFTER_MS = 300;

const STATES: Readonly<Record<End, string>> = {
  succeeded: 'COMPLETED',
  failed: 'FAILED',
  canceled: 'CANCELED',
  partially_failed: 'PARTIALLY_FAILED',
};

/**
 * SPEC-001: programs that report their own jobs to a Kafka topic, which jobherald consumes; what becomes of a job goes
 * to the webhooks and to another topic. The broker is real, and is killed. There is no truth to ask, so nothing is
 * forged; but reports come doubled, late and contradictory, and between them records that are not messages, and batches
 * that cannot be decoded: the broker checks what it is given, so those are damaged on their way to the gateways.
 */
export const openSpec001: OpenSystem = async ({ webhooks, directory, onTaken }) => {
  const kafka = await startKafka();
  for (const [topic, partitions] of [
    [REPORTS, 3],
    [`${REPORTS}.dlq`, 1],
    [STATUS_OUT, 1],
  ] as const) {
    await createTopic(kafka.broker, topic, { partitions });
  }
  const way = await startTcpForwarder(kafka.forwardedPort, `127.0.0.1:${kafka.listenerPort}`, damageGzip);
  const part: Part = {
    name: 'kafka',
    pid: () => undefined,
    start: () => kafka.restart(),
    kill: () => kafka.kill(),
  };
  const reader = readTopicOn({ broker: kafka.broker, topic: STATUS_OUT, endpoint: ENDPOINT, directory, onTaken });
  const endpoints = [...webhooks, ENDPOINT];

  return {
    name: PROVIDER,
    provider: {
      kafka: { brokers: [`127.0.0.1:${kafka.forwardedPort}`], topic: REPORTS, group_id: 'faults' },
      track: { auto: true, endpoints },
    },
    endpoints: [
      {
        name: ENDPOINT,
        channel: 'kafka',
        format: PROVIDER,
        secret: null,
        effects: null,
        config: {
          name: ENDPOINT,
          type: 'kafka',
          brokers: [kafka.broker],
          topic: STATUS_OUT,
          format: PROVIDER,
          timeout: TIMEOUT,
          retry: RETRY,
        },
      },
    ],
    parts: [part],
    play: (planned, tools) =>
      play(planned, tools, {
        send: (job, messages, compression) => untilProduced(kafka.broker, job, messages, compression),
        endpoints,
        undecodable: () => timesLogged(directory, 'messages cannot be decoded'),
      }),
    async close() {
      await reader.close();
      await way.stop();
      await kafka.stop();
    },
  };
};

type Compression = 'snappy' | 'gzip';
interface Scene {
  readonly send: (job: string, messages: readonly unknown[], compression?: Compression) => Promise<void>;
  readonly endpoints: readonly string[];
  /** How many batches were reported as such so far. */
  readonly undecodable: () => number;
}

/** Only the batches that are to be undecodable are compressed with gzip. */
function damageGzip(answer: Buffer): void {
  const found = answer.indexOf('1f8b0800', 0, 'hex');
  if (found !== -1) answer.fill(0xff, found + 14, found + 22);
}

function timesLogged(directory: string, text: string): number {
  const logs = globSync('gateway-*.log', { cwd: directory }).map((file) => readFileSync(join(directory, file), 'utf8'));
  return logs.reduce((sum, log) => sum + log.split(text).length - 1, 0);
}

/** Starts with a report that it runs, reports its progress, ends; and then old and contradictory reports follow. */
async function play(
  { seed, submitAtMs, endsAfterMs, end, hints, submissions, load }: PlannedJob,
  tools: PlayTools,
  { send, endpoints, undecodable }: Scene,
): Promise<void> {
  const { journal, until, now } = tools;
  const draw = random(`${seed}/reports`);
  const job = uuidFrom(seed);
  let reports = 0;
  const uuid = () => uuidFrom(`${seed}/report/${reports++}`);
  const report = (status: string, more: object = {}) => ({
    meta: {
      idempotency_key: uuid(),
      correlation_id: job,
      source: { application: 'forecast', version: '7', environment_type: 'test' },
      version: '1.1.0',
    },
    data: { notification_type: 'STATUS', status, ...more },
  });
  const isHuge = load === 'huge_reports';
  const progress = (percentage_completed: number) =>
    report('RUNNING', {
      progress: { percentage_completed },
      ...(isHuge && { message: draw.pick(CHARACTERS).repeat(100_000 / 3), job_metadata: { m: 'm'.repeat(50_000) } }),
    });

  const begins = progress(0);
  await until(submitAtMs);
  journal.submits({ provider: PROVIDER, job, endpoints });
  if (draw.chance(0.2)) await send(job, ['this is not a message of SPEC-001']);
  await send(
    job,
    Array.from({ length: submissions }, () => begins),
  );
  journal.accepted({ system: PROVIDER, provider: PROVIDER, job, key: null, endpoints });

  const lives = Math.max(0, endsAfterMs);
  const beganAt = now();
  for (const percentage of isHuge ? HUGE_REPORTS : [25, 50, 75]) {
    await until(beganAt + (lives * percentage) / 100);
    await send(job, [progress(percentage)], load === 'undecodable_batch' ? 'snappy' : undefined);
  }
  const before = undecodable();
  if (load === 'undecodable_batch') await send(job, ['not a message', 'of SPEC-001'], 'gzip');
  await until(beganAt + lives);
  const ends = report(STATES[end], isHuge ? { message: draw.pick(CHARACTERS).repeat(240_000 / 3) } : {});
  journal.ends({ provider: PROVIDER, job, type: `job.${end}` });
  await send(job, [ends]);

  for (const { afterEndMs, claims, isForged, copies } of hints) {
    await until(Math.max(now(), beganAt + lives + Math.max(0, afterEndMs)));
    const late = isForged ? [report(STATES[claims]), progress(99)] : [ends, begins];
    for (let copy = 0; copy < copies; copy++) await send(job, late);
  }
  if (load === 'undecodable_batch') {
    const isReported = () => Math.min(1, undecodable() - before);
    await expectCount(tools, load, 'a batch that is reported', 1, isReported);
  }
}

/** Of one and of three bytes, and one that costs two in JSON. */
const CHARACTERS = ['m', '€', '"'] as const;
const HUGE_REPORTS = Array.from({ length: 16 }, (_, i) => 5 + i * 5);

/** What a program does whose broker is away: it tries on, and cannot know whether what failed has arrived. */
async function untilProduced(
  broker: string,
  job: string,
  messages: readonly unknown[],
  compression?: Compression,
): Promise<void> {
  for (;;) {
    try {
      return await produce(
        broker,
        REPORTS,
        messages.map((value) => ({ key: job, value })),
        compression && { compression },
      );
    } catch {
      await sleep(AGAIN_AFTER_MS);
    }
  }
}
