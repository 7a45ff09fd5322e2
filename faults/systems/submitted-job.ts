import type { PlannedHint, PlannedJob } from '../plan/job';
import type { SystemName } from '../plan/names';
import { broughtBy, sendLoad } from './loads';
import type { PlayTools } from './system';

/** A job that somebody submits to the gateway, at a system that has an API to be asked. */
export interface SubmittedJob {
  readonly provider: SystemName;
  readonly job: string;
  readonly webhooks: readonly string[];
  /** The event for how it ends: `job.succeeded`. */
  readonly endsAs: string;
  /** Makes it end, at its system. */
  readonly end: () => void;
  /** What the sender of a hint sends, again and again until it is acknowledged. */
  readonly hint: (hint: PlannedHint) => HintRequest;
  /** What its own system sends about it beside that; resolves when it has come to what it has to. */
  readonly load?: (tools: PlayTools) => Promise<void>;
}

export interface HintRequest {
  readonly path: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Lets it live: submitted until it is accepted, ended when its time has come, hinted at as planned. */
export async function playSubmittedJob(job: SubmittedJob, planned: PlannedJob, tools: PlayTools): Promise<void> {
  const { journal, until, now, gateways } = tools;
  const live = async (endsAtMs: number) => {
    await until(endsAtMs);
    journal.ends({ provider: job.provider, job: job.job, type: job.endsAs });
    job.end();
  };
  const sendHint = async (one: PlannedHint, endsAtMs: number) => {
    await until(Math.max(now(), endsAtMs + one.afterEndMs));
    const { path, body, headers } = job.hint(one);
    await Promise.all(Array.from({ length: one.copies }, () => gateways.post(path, body, headers)));
  };

  await until(planned.submitAtMs);
  const hasEnded = planned.endsAfterMs < 0;
  if (hasEnded) await live(now());
  await submit(job, planned, tools);
  const endsAtMs = now() + Math.max(0, planned.endsAfterMs);
  await Promise.all([
    hasEnded ? undefined : live(endsAtMs),
    ...planned.hints.map((one) => sendHint(one, endsAtMs)),
    sendLoad(job, planned, tools),
    job.load?.(tools),
  ]);
}

async function submit({ provider, job, webhooks }: SubmittedJob, planned: PlannedJob, tools: PlayTools): Promise<void> {
  const { index, seed, submissions } = planned;
  const { gateways, journal } = tools;
  const brought = broughtBy(planned, tools);
  const endpoints = [...webhooks, ...brought.endpoints.map(({ name }) => name)];
  const key = `submission-${index}`;
  const submission = {
    provider,
    job,
    idempotency_key: key,
    correlation_id: `order-${index}`,
    endpoints: [...webhooks, ...brought.endpoints.map(({ name: _, ...choice }) => choice)],
    metadata: brought.metadata,
    labels: { plan: seed },
  };
  journal.submits({ provider, job, endpoints });
  const answers = await Promise.all(Array.from({ length: submissions }, () => gateways.post('/v1/jobs', submission)));
  const refused = answers.find((answer) => answer !== 200 && answer !== 201);
  if (refused !== undefined) throw new Error(`the submission of ${provider} ${job} was answered ${refused}`);
  journal.accepted({ system: provider, provider, job, key, endpoints });
}

/** `POST /v1/jobs/…/completion`, which every provider has. */
export function completion(provider: SystemName, job: string, body: object): HintRequest {
  return { path: `/v1/jobs/${provider}/${encodeURIComponent(job)}/completion`, body };
}

/** The same request, behind a byte order mark where that is the job's load. */
export function marked({ load }: PlannedJob, request: HintRequest): HintRequest {
  if (load !== 'byte_order_mark') return request;
  const { body } = request;
  return { ...request, body: `\ufeff${typeof body === 'string' ? body : JSON.stringify(body)}` };
}
