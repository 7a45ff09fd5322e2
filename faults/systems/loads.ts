import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedJob } from '../plan/job';
import { random } from '../plan/random';
import type { InlineChoice } from '../stage/inline-endpoints';
import type { SubmittedJob } from './submitted-job';
import type { PlayTools } from './system';

/** A service of `providers.http` that has no jobs: its webhooks are all of strangers. */
const STRANGERS = 'strangers';

/** @param secret name of the secret that its webhooks would be signed with */
export const serviceOfStrangers = (secret: string): object => ({
  [STRANGERS]: {
    url: 'http://127.0.0.1:9/{job}',
    state: { pointer: '/status', map: { done: 'COMPLETED' } },
    webhook: { secret, job: '/id' },
  },
});

/** What a submission has beside what every submission has. */
export interface Brought {
  readonly endpoints: readonly (InlineChoice & { readonly events?: readonly string[] })[];
  readonly metadata: object;
}

const ENDS = ['job.succeeded', 'job.failed', 'job.canceled', 'job.partially_failed'] as const;
export const TASK_EVENT = { name: 'TASK_INSTANCE_RUNNING', type: 'task_instance.running' } as const;

/** Pure but for the names that it takes. */
export function broughtBy({ load, seed, index }: PlannedJob, { inline }: Pick<PlayTools, 'inline'>): Brought {
  const draw = random(`${seed}/load`);
  switch (load) {
    case 'many_endpoints':
      // A quote costs two bytes in JSON: with the labels the 32 KiB that may be.
      return {
        endpoints: inline.choose(draw.between(50, 98), 'takes', index),
        metadata: { q: '"'.repeat(draw.between(10_000, 16_000)) },
      };
    case 'hanging_endpoints':
      return { endpoints: inline.choose(draw.between(22, 40), 'hangs', index), metadata: {} };
    case 'silent_names':
      return { endpoints: inline.choose(draw.between(5, 9), 'silent_name', index), metadata: {} };
    case 'task_events':
      return {
        endpoints: inline.choose(1, 'takes', index).map((one) => ({ ...one, events: [TASK_EVENT.type, ...ENDS] })),
        metadata: {},
      };
    default:
      return { endpoints: [], metadata: {} };
  }
}

/** What strangers send about a job that has been submitted. */
export async function sendLoad(job: SubmittedJob, planned: PlannedJob, tools: PlayTools): Promise<void> {
  if (planned.load === 'long_keys') await sendLongKeys(job, planned, tools);
  if (planned.load === 'refused_requests') await sendRefused(job, tools);
  if (planned.load === 'many_signatures') await sendManySignatures(planned, tools);
}

/** The run may have ended meanwhile, which is no fault of theirs. */
async function sendLongKeys(job: SubmittedJob, { seed }: PlannedJob, { gateways, journal }: PlayTools): Promise<void> {
  const count = random(`${seed}/load`).between(20, 60);
  for (let i = 0; i < count; i++) {
    const body = { idempotency_key: String(i).padStart(990, '€'), heartbeat_deadline_seconds: 3_600 };
    const got = await gateways.post(`${pathOf(job)}/heartbeat`, body);
    journal.bound({ load: 'long_keys', what: 'a heartbeat', expected: 202, got });
  }
}

async function sendRefused(job: SubmittedJob, { gateways, journal, inline }: PlayTools): Promise<void> {
  const submission = { provider: job.provider, job: `${job.job}0`, endpoints: job.webhooks };
  const one = inline.choose(1, 'takes', 0);
  const rounded = JSON.stringify({ ...submission, metadata: { id: 0 } }).replace('"id":0', '"id":1234567890123456789');
  const refused: readonly (readonly [what: string, expected: number, path: string, body: unknown])[] = [
    ['101 endpoints', 422, '/v1/jobs', { ...submission, endpoints: Array.from({ length: 101 }, () => one[0]?.url) }],
    ['metadata over 32 KiB', 413, '/v1/jobs', { ...submission, metadata: { q: '"'.repeat(16_400) } }],
    ['a body over 1 MiB', 413, '/v1/jobs', { ...submission, metadata: { q: 'x'.repeat(1_100_000) } }],
    ['an integer that would be rounded', 400, '/v1/jobs', rounded],
    ['a redelivery to a name that is none', 422, `${pathOf(job)}/redeliver`, { endpoint: '€'.repeat(960) }],
    [
      'a key that is too long',
      422,
      `${pathOf(job)}/heartbeat`,
      { idempotency_key: 'k'.repeat(1_025), heartbeat_deadline_seconds: 3_600 },
    ],
  ];
  for (const [what, expected, path, body] of refused) {
    const got = await gateways.post(path, body);
    journal.bound({ load: 'refused_requests', what, expected, got });
  }
  for (const query of FORGED_QUERIES) {
    const got = await gateways.get(`/v1/jobs?query=${encodeURIComponent(query)}`);
    journal.bound({ load: 'refused_requests', what: `the query ${query}`, expected: 400, got });
  }
}

/** Each would list the runs of other workflows, were it what it seems to be. */
const FORGED_QUERIES = [
  "JobState='PENDING') OR (WorkflowType!='job'",
  "JobState='\\\n') OR (WorkflowType!='job' AND JobState!='('",
];

const SIGNATURES = 320;
const SIGNED_BYTES = 4 * 1024 * 1024;

/** As large as the webhook of a service may be, and with as many signatures as fit into the headers. None is the service's. */
async function sendManySignatures({ seed }: PlannedJob, { gateways, journal }: PlayTools): Promise<void> {
  const draw = random(`${seed}/load`);
  const body = 'x'.repeat(SIGNED_BYTES);
  const one = async (no: number) => {
    const wrong = Array.from({ length: SIGNATURES }, (_, i) => `v1,${Buffer.alloc(32, i).toString('base64')}`);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': `${seed}/${no}`,
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': wrong.join(' '),
    };
    const got = await gateways.post(`/ingress/http/${STRANGERS}`, body, headers);
    journal.bound({ load: 'many_signatures', what: 'a webhook of a stranger', expected: 401, got });
  };
  await Promise.all(Array.from({ length: draw.between(6, 12) }, (_, no) => one(no)));
}

function pathOf({ provider, job }: SubmittedJob): string {
  return `/v1/jobs/${provider}/${encodeURIComponent(job)}`;
}

const LOOK_EVERY_MS = 300;

/** Waits for what a load has to come to, and writes down what it came to when the run's time was over. */
export async function expectCount(
  { journal, signal }: Pick<PlayTools, 'journal' | 'signal'>,
  load: string,
  what: string,
  expected: number,
  count: () => number,
): Promise<void> {
  while (count() < expected && !signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  journal.bound({ load, what, expected, got: count() });
}
