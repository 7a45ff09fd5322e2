import type { HttpServiceConfig } from '../../config/config';
import type { ReadHint } from '../hint';
import { readJobName } from './job-name';
import { bounded, wordAt } from './words';

/** A webhook whose signature has been verified. */
export interface SignedWebhook {
  /** `webhook-id`: the same however often it is sent. */
  readonly id: string;
  readonly body: Uint8Array;
}

const MAX_KEY = 256;
const MAX_STATE = 64;

/**
 * Reads a service's webhook by its configuration. What it says is never believed, only that somebody said it.
 * One subscription of a sender may tell of more than jobs: an id that does not fit `job_pattern` is of no interest.
 */
export function readWebhook({ name, jobPattern, webhook }: HttpServiceConfig, { id, body }: SignedWebhook): ReadHint {
  if (webhook === null) return { kind: 'ignored', reason: 'the service has no webhook in the configuration' };
  const payload = parsed(body);
  if (payload === undefined) return { kind: 'dead_letter', reason: 'the body is no JSON' };
  const text = wordAt(payload, webhook.job);
  if (text === undefined) {
    return { kind: 'dead_letter', reason: `the body names no job at ${webhook.job.join(' or ')}` };
  }
  const job = readJobName(jobPattern, text);
  if (job === undefined) return { kind: 'ignored', reason: `${JSON.stringify(text)} is no job of ${name}` };
  const state = wordAt(payload, webhook.state, MAX_STATE);
  return { kind: 'hint', hint: { provider: name, job, key: bounded(id, MAX_KEY), ...(state && { state }) } };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
