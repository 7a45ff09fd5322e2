import { randomBytes, randomInt } from 'node:crypto';
import { requestHeaders, type SigningKey, sign, signingKey } from '../channels/webhook/sign';
import type { JobEvent } from '../domain/event';
import { defaultIdempotencyKey, eventId, workflowIdOf } from '../domain/identity';
import type { Message } from '../domain/message';
import { render } from '../formats/render';
import type { Format } from '../formats/vocabulary';
import { EXAMPLE_PROVIDER } from '../providers/api';

/** A request as jobherald sends it, or one that has something wrong with it. */
export interface Webhook {
  readonly message: Message;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How a webhook differs from a good one of this moment. It is signed after that, so that nothing else is wrong. */
export interface Difference {
  /** One that was made before, for another attempt at it. Default: one of its own. */
  readonly message?: Message;
  /** As it stands in the header and in what is signed. */
  readonly timestamp?: string;
  /** In place of the receiver's own; each one signs. */
  readonly keys?: readonly SigningKey[];
  readonly body?: (text: string) => string;
}

export interface Sender {
  /** The receiver's own. */
  readonly key: SigningKey;
  readonly format: Format;
  readonly userAgent: string;
}

export function makeWebhook({ key, format, userAgent }: Sender, difference: Difference = {}): Webhook {
  const message = difference.message ?? render(sampleEvent(new Date()), { format, vars: SAMPLE_VARS });
  const timestampSeconds = difference.timestamp ?? secondsFromNow(0);
  const body = Buffer.from(difference.body?.(message.body) ?? message.body);
  const signature = sign(message.id, timestampSeconds, body, difference.keys ?? [key]);
  const headers = requestHeaders({ endpoint: { headers: {} }, message, timestampSeconds, signature, userAgent });
  return { message, headers, body };
}

/** Unix seconds, as the header has them. */
export function secondsFromNow(offset: number): string {
  return String(Math.floor(Date.now() / 1000) + offset);
}

/** The same with another signature; undefined: without one. */
export function withSignature(webhook: Webhook, change: (signature: string) => string | undefined): Webhook {
  const { 'webhook-signature': before = '', ...others } = webhook.headers;
  const signature = change(before);
  return { ...webhook, headers: { ...others, ...(signature !== undefined && { 'webhook-signature': signature }) } };
}

/** Outside of ASCII in every format: the `vertex-ai` body has nothing else that is ours to choose. */
const OUTPUT = 'gs://jobherald-test-receiver/prüfung – 🚀';

/** Comes back in the `tencent-batch` body, which has no word for outputs. */
export const SAMPLE_VARS = [{ name: 'output', value: OUTPUT }] as const;

/** The end of a job that does not exist, and never the same one twice. */
export function sampleEvent(now: Date): JobEvent {
  const provider = EXAMPLE_PROVIDER;
  const job = `projects/0/locations/us-central1/batchPredictionJobs/${randomInt(2 ** 47)}`;
  const id = eventId({ provider, job }, defaultIdempotencyKey({ provider, job }), 'job.succeeded');
  const timestamp = now.toISOString();
  return {
    id,
    type: 'job.succeeded',
    timestamp,
    workflow_id: workflowIdOf({ provider, job }),
    origin: null,
    native: null,
    data: {
      provider,
      job,
      state: 'COMPLETED',
      provider_state: 'JOB_STATE_SUCCEEDED',
      reason: null,
      // The `monai` body has a word for neither output nor vars.
      message: 'sent by jobherald test-receiver: no such job has run (prüfung – 🚀)',
      error: null,
      artifacts: [{ uri: OUTPUT, type: 'GCS_DIRECTORY' }],
      progress: null,
      started_at: timestamp,
      ended_at: timestamp,
      sequence: 1,
      correlation_id: null,
      idempotency_key: id,
      metadata: {},
      labels: { 'jobherald-test': 'true' },
    },
  };
}

/** A key of the same kind that nobody else has. */
export function otherKey({ scheme }: SigningKey): SigningKey {
  return signingKey(`${scheme === 'v1' ? 'whsec' : 'whsk'}_${randomBytes(32).toString('base64')}`);
}
