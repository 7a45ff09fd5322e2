import type { Client } from '@temporalio/client';
import { type PendingActivity, pendingActivities } from '../../src/engine';

/** The fallback poll of a job at the scripted provider, as Temporal has it; undefined once the run is over. */
export async function pendingPoll(client: Client, job: string): Promise<PendingActivity | undefined> {
  const pending = await pendingActivities(client, await client.workflow.getHandle(`scripted/${job}`).describe());
  return pending.find(({ type }) => type === 'getJobStatus');
}
