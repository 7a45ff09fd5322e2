import { parseJsonOrUndefined } from '../../domain/json';
import type { ReadHint } from '../hint';
import type { HttpServiceConfig } from './config/http-config';
import { readJobName } from './job-name';
import { bounded, textAt } from './values';

/** A webhook whose signature has been verified. */
export interface SignedWebhook {
  /** `webhook-id`: the same for every attempt. */
  readonly id: string;
  readonly body: Uint8Array;
}

const MAX_KEY = 256;
const MAX_STATE = 64;

/**
 * Reads a service's webhook by its configuration. It is a hint only: the state that it claims decides nothing.
 * A sender's subscription may cover more than jobs, so an id that does not match `job_pattern` is ignored.
 */
export function readWebhook({ name, jobPattern, webhook }: HttpServiceConfig, { id, body }: SignedWebhook): ReadHint {
  if (webhook === null) return { kind: 'ignored', reason: 'the service has no webhook in the configuration' };
  const payload = parseJsonOrUndefined(body);
  if (payload === undefined) return { kind: 'dead_letter', reason: 'the body is not JSON' };
  const text = textAt(payload, webhook.job);
  if (text === undefined) {
    return { kind: 'dead_letter', reason: `the body names no job at ${webhook.job.join(' or ')}` };
  }
  const job = readJobName(jobPattern, text);
  if (job === undefined) return { kind: 'ignored', reason: `${JSON.stringify(text)} is not a job of ${name}` };
  const state = textAt(payload, webhook.state, MAX_STATE);
  return { kind: 'hint', hint: { provider: name, job, key: bounded(id, MAX_KEY), ...(state && { state }) } };
}
