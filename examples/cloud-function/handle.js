'use strict';

const { jobOfEntry } = require('./job-of-entry');

/** Less than the function's own time-out, so that a hanging call is a failure that is seen and sent again. */
const TIMEOUT_MS = 10_000;

/**
 * Takes one message of the sink's topic and tells jobherald to look at the job. Nothing else is decided here: jobherald
 * asks Vertex AI for the state, so a doubled, late or early entry does no harm.
 *
 * Returns where sending the message again would be of no use, and throws where it would: Pub/Sub then sends it again.
 *
 * @param {{ data?: { message?: { data?: string, messageId?: string, message_id?: string } } }} event
 * @param {{ JOBHERALD_URL?: string, JOBHERALD_TOKEN?: string }} [environment]
 * @returns {Promise<'told' | 'of no interest' | 'refused'>}
 */
async function handle(event, environment = process.env) {
  const message = event.data?.message;
  const job = jobOfEntry(parse(message?.data));
  if (!job) return log('of no interest', { id: message?.messageId });

  const response = await fetch(completionUrl(environment.JOBHERALD_URL, job), {
    method: 'POST',
    headers: { authorization: `Bearer ${environment.JOBHERALD_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ idempotency_key: message?.messageId ?? message?.message_id }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (response.ok) return log('told', { job });
  // 404: a job that nobody submitted. 400 and 422: a message that no retry mends.
  if ([400, 404, 422].includes(response.status)) return log('refused', { job, status: response.status });
  throw new Error(`jobherald answered ${response.status} for ${job}`);
}

/**
 * @param {string | undefined} base
 * @param {string} job
 */
function completionUrl(base, job) {
  if (!base) throw new Error('set JOBHERALD_URL to where the gateway is, e.g. https://jobherald.example.com');
  return `${base.replace(/\/$/, '')}/v1/jobs/vertex-ai/${encodeURIComponent(job)}/completion`;
}

/** @param {string | undefined} data */
function parse(data) {
  try {
    return JSON.parse(Buffer.from(data ?? '', 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * One JSON line, as Cloud Logging reads it from a function's output.
 *
 * @template {string} T
 * @param {T} message
 * @param {object} details
 */
function log(message, details) {
  process.stdout.write(`${JSON.stringify({ severity: 'INFO', message, ...details })}\n`);
  return message;
}

module.exports = { handle };
