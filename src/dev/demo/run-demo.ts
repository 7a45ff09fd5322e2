import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../../schemas/types';
import { CliFailure, type CliIo } from '../../cli/cli-io';
import { findTemporalCli } from '../temporal-server/find-temporal-cli';
import { createBatchJob } from './create-batch-job';
import { callGateway } from './gateway-calls';
import { type Narrator, narrate } from './narrator';
import { LOG_FILE, makeFolder, openStage, removeFolder, type Stage } from './open-stage';

export interface DemoOptions {
  /** Leaves everything running until the signal. */
  readonly keep: boolean;
  readonly io: CliIo;
  readonly signal: AbortSignal;
}

/** Downloading Temporal, where it has to be, does not count. */
const ENOUGH_MS = 120_000;

/**
 * `npm run demo`: from a batch prediction job to a verified webhook, with everything real but the cloud.
 * @throws {CliFailure} where it did not come to its end, with the log's place
 */
export async function runDemo({ keep, io, signal }: DemoOptions): Promise<void> {
  const narrator = narrate(io.stdout);
  introduce(narrator);
  const say = (line: string) => void io.stdout.write(`${line}\n`);
  const cli = await findTemporalCli({ env: io.env, log: { debug: () => {}, info: say, warn: say } });
  const folder = await makeFolder();
  const deadline = AbortSignal.timeout(ENOUGH_MS);
  const end = AbortSignal.any([signal, deadline]);
  try {
    await using stage = await unlessEnded(openStage({ folder, cli, env: io.env }), end);
    await unlessEnded(Promise.race([tell(stage, narrator, end), endedByItself(stage)]), end);
    if (keep) await keepRunning(stage, narrator, signal);
    else narrator.remark('It all ends here; npm run demo -- --keep leaves it running to look around.');
  } catch (error) {
    if (signal.aborted) {
      await removeFolder(folder);
      throw new CliFailure('\nThe demo was stopped.', 1, { cause: error });
    }
    const why = error === deadline.reason ? `it took longer than ${ENOUGH_MS / 1000} s` : messageOf(error);
    throw new CliFailure(`\nThe demo failed: ${why}\nIts log is ${join(folder, LOG_FILE)}`, 1, { cause: error });
  }
  await removeFolder(folder);
}

function introduce(narrator: Narrator): void {
  narrator.title(
    'jobherald demo: a batch prediction job ends, and a signed webhook says so.',
    'Everything is real but the cloud: a Temporal server with its Web UI, the worker, the gateway, a receiver,',
    "and a Vertex AI emulator that serves Google's own JobService over gRPC.",
  );
}

/** The story, in its order. */
async function tell(stage: Stage, narrator: Narrator, signal: AbortSignal): Promise<void> {
  const { dev, vertexAi, receiver } = stage;
  const gateway = callGateway(dev.gateway.origin, signal);
  await untilReady(stage, signal);
  narrator.step('Started');
  narrator.facts({
    gateway: dev.gateway.origin,
    'Temporal Web UI': dev.webUi,
    'Vertex AI emulator': `${vertexAi.address} (gRPC)`,
    receiver: receiver.url,
  });

  const job = await createBatchJob(vertexAi.address);
  vertexAi.setState(job, { state: 'JOB_STATE_RUNNING', startTime: new Date().toISOString() });
  narrator.step("Created a batch prediction job with Google's client library");
  narrator.lines(job);

  await gateway.submit(job, 'predictions');
  const running = await gateway.jobOnce(job, ({ provider_state }) => provider_state !== null);
  narrator.step('Submitted it to jobherald: POST /v1/jobs');
  narrator.lines(`Vertex AI was asked at once: ${running.provider_state}. Now a Temporal workflow waits for the end.`);

  const outputInfo = { gcsOutputDirectory: 'gs://demo-bucket/churn/prediction-churn-2026' };
  vertexAi.setState(job, { state: 'JOB_STATE_SUCCEEDED', endTime: new Date().toISOString(), outputInfo });
  narrator.step('The job ended in Vertex AI');
  narrator.lines(`JOB_STATE_SUCCEEDED, output in ${outputInfo.gcsOutputDirectory}`);

  const status = await gateway.pushMessage({ job, state: 'JOB_STATE_SUCCEEDED' });
  narrator.step('A Pub/Sub message said so: POST /ingress/pubsub');
  narrator.lines(`{"job":"…/${job.split('/').at(-1)}","state":"JOB_STATE_SUCCEEDED"} → ${status}`);
  narrator.remark(
    'Google logs no completion for this type of job: such a message is what your own sink or handler sends.',
    'It is only a hint: jobherald asks Vertex AI before it believes it, and sweeps find the end without one.',
  );

  const webhook = await receiver.taken;
  narrator.step('The webhook arrived, and its signature verified');
  narrator.facts({ 'webhook-id': webhook.id, body: webhook.body });

  const done = await gateway.jobOnce(job, ({ phase }) => phase === 'done');
  narrator.step('Its attempts: the receiver failed once on purpose');
  narrator.lines(...attemptsOf(done));
  narrator.remark('Every attempt carries the same webhook-id and the same bytes, so a receiver can tell a repeat.');

  narrator.step('The run in the Temporal Web UI');
  narrator.lines(done.links.web_ui);
}

async function untilReady({ dev }: Stage, signal: AbortSignal): Promise<void> {
  while (!(await dev.gateway.ready()).ready) await sleep(100, undefined, { signal });
}

function attemptsOf({ deliveries }: Job): readonly string[] {
  return deliveries.flatMap(({ attempts }) =>
    attempts.map(({ number, time, status, error, duration_ms, next_attempt }) => {
      const next = next_attempt ? `, next at ${timeOf(next_attempt)}` : '';
      return `${number}  ${timeOf(time)}  ${status ?? error}  after ${duration_ms} ms${next}`;
    }),
  );
}

/** `09:26:03.120` of an RFC 3339 time. */
function timeOf(time: string): string {
  return new Date(time).toISOString().slice(11, 23);
}

async function keepRunning({ dev, configFile }: Stage, narrator: Narrator, signal: AbortSignal): Promise<void> {
  narrator.title('All of it keeps running until Ctrl-C.');
  narrator.facts({
    'every job': `curl ${dev.gateway.origin}/v1/jobs`,
    'its API': `${dev.gateway.origin}/openapi.json`,
    configuration: configFile,
  });
  await Promise.race([unlessEnded(new Promise(() => undefined), signal).catch(() => undefined), dev.done]);
}

/** Rejects when a part of the stage ends on its own. */
async function endedByItself({ dev }: Stage): Promise<never> {
  await dev.done;
  throw new Error('jobherald ended');
}

/** Rejects with the signal's reason as soon as it is aborted. */
function unlessEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
