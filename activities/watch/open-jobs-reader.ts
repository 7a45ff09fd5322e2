import type { Client } from '@temporalio/client';
import { type OpenJob, type OpenJobsQuery, openJobs } from '../../src/engine';

const MINUTE = 60_000;
/** The whole visibility index is read this often; in between only what was started since. */
const FULL_READ_EVERY_MS = 10 * MINUTE;
/** Overlap of two readings: what the index may be behind. */
const OVERLAP_MS = 2 * MINUTE;

/** Reads from visibility what is open, again and again. A reader that is made anew begins with all of it. */
export interface OpenJobsReader {
  /**
   * @param take called with each job; false for one that is to be read again next time: its memo may say more by then
   * @returns whether every open job was read, and when the reading began, epoch ms
   */
  read(take: (job: OpenJob) => boolean): Promise<{ readonly isFull: boolean; readonly beganAt: number }>;
}

export function createOpenJobsReader(client: Client, query: Omit<OpenJobsQuery, 'startedSince'>): OpenJobsReader {
  let fullReadAt = -Infinity;
  /** When the newest run that was read was started, by Temporal's clock: this worker's may be another. */
  let newest = 0;
  /** When the oldest job was started that is to be read again. */
  let againSince = Infinity;
  return {
    async read(take) {
      const beganAt = Date.now();
      const isFull = performance.now() - fullReadAt >= FULL_READ_EVERY_MS;
      const startedSince = Math.min(newest - OVERLAP_MS, againSince);
      const isEverything = isFull || startedSince <= 0;
      againSince = Infinity;
      for await (const page of openJobs(client, isEverything ? query : { ...query, startedSince })) {
        for (const job of page) {
          newest = Math.max(newest, job.startedAt);
          if (!take(job)) againSince = Math.min(againSince, job.startedAt);
        }
      }
      if (isFull) fullReadAt = performance.now();
      return { isFull, beganAt };
    },
  };
}
