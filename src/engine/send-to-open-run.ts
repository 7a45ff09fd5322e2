import type { Client } from '@temporalio/client';
import type { JobName } from '../domain/identity';
import { JobHeraldError } from '../domain/jobherald-error';
import { describeJob } from './describe-job';
import { isNotFound } from './temporal-errors';

/** A run that is open when it is looked at takes the message at the next try; it may have ended by then, once. */
const TRIES = 3;

export type Sent<T> =
  /** Its run has taken it. */
  | { readonly state: 'taken'; readonly answer: T }
  /** The job's last run is closed: terminal states absorb. */
  | { readonly state: 'done' }
  /** The job never had a run that Temporal knows. */
  | { readonly state: 'unknown' };

/**
 * Sends a message to the open run of a job. Where Temporal finds none, it is looked at whether the job has ended; a run
 * that is open then has begun between the two, by a dispatch or a submission that came at the same moment, and the
 * message is for it.
 * @throws {JobHeraldError} `unavailable` where run after run ended under it; whatever else `send` throws
 */
export async function sendToOpenRun<T>(client: Client, name: JobName, send: () => Promise<T>): Promise<Sent<T>> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      return { state: 'taken', answer: await send() };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const description = await describeJob(client, name);
    if (description === undefined) return { state: 'unknown' };
    if (description.status.name !== 'RUNNING') return { state: 'done' };
  }
  throw new JobHeraldError('unavailable', 'The run of the job is just beginning or ending; try again.');
}
