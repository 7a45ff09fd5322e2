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
  const serverTime = createServerTime();
  /** When the last reading began, by Temporal's clock. */
  let readSince = -Infinity;
  /** When the oldest job was started that is to be read again. */
  let againSince = Infinity;
  return {
    async read(take) {
      const beganAt = Date.now();
      const began = performance.now();
      const isFull = began - fullReadAt >= FULL_READ_EVERY_MS;
      const startedSince = Math.min(readSince - OVERLAP_MS, againSince);
      const isEverything = isFull || startedSince === -Infinity;
      againSince = Infinity;
      for await (const page of openJobs(client, isEverything ? query : { ...query, startedSince })) {
        for (const job of page) {
          serverTime.saw(job.startedAt);
          if (!take(job)) againSince = Math.min(againSince, job.startedAt);
        }
      }
      if (isFull) fullReadAt = began;
      readSince = serverTime.at(began);
      return { isFull, beganAt };
    },
  };
}

/**
 * What Temporal's clock shows at the least: this worker's may be another, and would leave out what was started since if it were ahead. Told by
 * the newest run that was seen, and by what has passed since.
 */
function createServerTime() {
  /** Temporal's clock minus `performance.now()`, at the least. */
  let offset = -Infinity;
  return {
    saw(startedAt: number) {
      offset = Math.max(offset, startedAt - performance.now());
    },
    at: (time: number): number => offset + time,
  };
}
