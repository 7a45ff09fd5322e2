import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../../schemas/types';
import { unlessAborted } from '../../async/unless-aborted';
import { CliFailure, type CliIo } from '../../cli/cli-io';
import { findTemporalCli } from '../temporal-server/find-temporal-cli';
import { createBatchJob } from './create-batch-job';
import { callGateway, type GatewayCalls } from './gateway-calls';
import { type Narrator, narrate } from './narrator';
import { LOG_FILE, makeFolder, openStage, removeFolder, type Stage } from './open-stage';

export interface DemoOptions {
  /** Leaves everything running until the signal. */
  readonly keep: boolean;
  readonly io: CliIo;
  readonly signal: AbortSignal;
}

/** Without the time for downloading Temporal, if needed. */
const ENOUGH_MS = 120_000;

/**
 * `npm run demo`: from a batch prediction job to a verified webhook, with everything real except the cloud.
 * @throws {CliFailure} if it did not finish, with the path of its log
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
    await using stage = await unlessAborted(openStage({ folder, cli, env: io.env }), end);
    await unlessAborted(Promise.race([play(stage, narrator, end), endedByItself(stage)]), end);
    if (keep) await keepRunning(stage, narrator, signal);
    else narrator.remark('The demo stops here. To look around, keep it running: npm run demo -- --keep');
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
    'jobherald demo: a batch prediction job ends, and a receiver gets a signed webhook.',
    'Everything is real except the cloud: a Temporal server with its Web UI, a worker, a gateway, a receiver,',
    "and a Vertex AI emulator that implements Google's JobService over gRPC.",
  );
}

/** The demo's steps, in order. */
async function play(stage: Stage, narrator: Narrator, signal: AbortSignal): Promise<void> {
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
  narrator.lines(
    `jobherald asked Vertex AI at once: ${running.provider_state}. A Temporal workflow now waits for the end.`,
  );

  const outputInfo = { gcsOutputDirectory: 'gs://demo-bucket/churn/prediction-churn-2026' };
  vertexAi.setState(job, { state: 'JOB_STATE_SUCCEEDED', endTime: new Date().toISOString(), outputInfo });
  narrator.step('The job ended in Vertex AI');
  narrator.lines(`JOB_STATE_SUCCEEDED, output in ${outputInfo.gcsOutputDirectory}`);

  const status = await gateway.pushMessage({ job, state: 'JOB_STATE_SUCCEEDED' });
  narrator.step('A Pub/Sub message announced it: POST /ingress/pubsub');
  narrator.lines(`{"job":"…/${job.split('/').at(-1)}","state":"JOB_STATE_SUCCEEDED"} → ${status}`);
  narrator.remark(
    'Google logs no completion for this type of job; your own sink or handler sends such a message.',
    'The message is only a hint: jobherald asks Vertex AI before it notifies anybody.',
  );

  const webhook = await receiver.taken(job);
  narrator.step('The webhook arrived with a valid signature');
  narrator.facts({ 'webhook-id': webhook.id, body: webhook.body });

  const done = await gateway.jobOnce(job, ({ phase }) => phase === 'done');
  narrator.step('Delivery attempts: the receiver failed once on purpose');
  narrator.lines(...attemptsOf(done));
  narrator.remark('Every attempt has the same webhook-id and the same bytes, so a receiver recognizes repeats.');

  const second = await playUnannounced(stage, narrator, gateway);

  narrator.step('The two runs in the Temporal Web UI');
  narrator.lines(done.links.web_ui, second.links.web_ui);
}

/** The second job: nobody submits it, and no message says that it ended. */
async function playUnannounced({ vertexAi, receiver }: Stage, narrator: Narrator, gateway: GatewayCalls): Promise<Job> {
  const job = await createBatchJob(vertexAi.address);
  vertexAi.setState(job, { state: 'JOB_STATE_RUNNING', startTime: new Date().toISOString() });
  await gateway.jobOnce(job, ({ provider_state }) => provider_state !== null);
  narrator.step('A second job started, which nobody submitted');
  narrator.lines(job);
  narrator.remark(
    'track.scopes names its project and location: a sweep lists the jobs there, and jobherald started a run for it.',
  );

  const outputInfo = { gcsOutputDirectory: 'gs://demo-bucket/churn/prediction-churn-2027' };
  vertexAi.setState(job, { state: 'JOB_STATE_SUCCEEDED', endTime: new Date().toISOString(), outputInfo });
  const webhook = await receiver.taken(job);
  const done = await gateway.jobOnce(job, ({ phase }) => phase === 'done');
  narrator.step('It ended, no message said so, and its webhook arrived');
  narrator.facts({ body: webhook.body, completed_by: `${done.completed_by}, which means: found by a sweep` });
  narrator.remark('The demo sweeps every 2 s; by default it is every 30 s, one request for a hundred jobs.');
  return done;
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
  narrator.title('Everything keeps running until Ctrl-C.');
  narrator.facts({
    'every job': `curl ${dev.gateway.origin}/v1/jobs`,
    'its API': `${dev.gateway.origin}/openapi.json`,
    configuration: configFile,
  });
  await Promise.race([unlessAborted(new Promise(() => undefined), signal).catch(() => undefined), dev.done]);
}

/** Rejects when a part of the stage ends on its own. */
async function endedByItself({ dev }: Stage): Promise<never> {
  await dev.done;
  throw new Error('jobherald ended');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
