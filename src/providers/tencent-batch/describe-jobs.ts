import { setTimeout as sleep } from 'node:timers/promises';
import { isTerminal } from '../../domain/job-state';
import { isObject, textAt } from '../../domain/json';
import { readTimeText } from '../../domain/parse-time';
import { CREATED_BEFORE_MS, lastOfDescending } from '../list-order';
import { ProviderError } from '../provider';
import type { ListedJob, ListRequest } from '../watching';
import type { BatchApi } from './call-api';
import { isJobId } from './job-name';
import { STATES, toJobStatus } from './job-status';

/** What one request asks about at most, and what one page holds at most; the API's default is 20. */
export const PAGE_SIZE = 100;

/** The documented limit is 2 requests a second (https://www.tencentcloud.com/document/product/599/30557). */
const REQUEST_EVERY_MS = 550;

const OPEN_STATES = statesThat(false);
const ENDED_STATES = statesThat(true);

/** DescribeJobs of a region: about the jobs of some ids, or about those in some states; never about both. */
export interface DescribeJobs {
  /** @param jobs at most {@link PAGE_SIZE}; those that the API does not know are missing from the result */
  byIds(jobs: readonly string[], signal: AbortSignal): Promise<readonly ListedJob[]>;
  /** The open jobs, page by page; with `createdSince` also those that have ended, back to that time. */
  list(request: ListRequest): AsyncGenerator<readonly ListedJob[], void, undefined>;
}

interface Page {
  readonly jobs: readonly ListedJob[];
  /** Another may follow. What is no job of ours counts, too. */
  readonly isFull: boolean;
}

export function createDescribeJobs(api: BatchApi, region: string): DescribeJobs {
  let nextAt = 0;

  /** Waits until the API takes another request. */
  const pace = async (signal: AbortSignal): Promise<void> => {
    const now = performance.now();
    const waitMs = nextAt - now;
    nextAt = Math.max(now, nextAt) + REQUEST_EVERY_MS;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
  };

  const ask = async (question: object, signal: AbortSignal): Promise<Page> => {
    await pace(signal).catch(() => signal.throwIfAborted());
    const { JobSet } = await api.call('DescribeJobs', `the jobs of ${region}`, signal, {
      ...question,
      Limit: PAGE_SIZE,
    });
    if (!Array.isArray(JobSet)) {
      throw new ProviderError(
        'unreadable',
        `Tencent Batch did not list the jobs of ${region}: no JobSet in its response`,
      );
    }
    return { jobs: JobSet.flatMap((job) => toListedJob(job, region) ?? []), isFull: JobSet.length >= PAGE_SIZE };
  };

  async function* walk(
    states: readonly string[],
    since: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedJob[], void, undefined> {
    const question = { Filters: [{ Name: 'job-state', Values: states }] };
    let last = Number.POSITIVE_INFINITY;
    for (let offset = 0; ; offset += PAGE_SIZE) {
      const { jobs, isFull } = await ask({ ...question, Offset: offset }, signal);
      yield jobs;
      last = lastOfDescending(jobs, last);
      if (!isFull || last < since - CREATED_BEFORE_MS) return;
    }
  }

  return {
    byIds: async (jobs, signal) => (await ask({ JobIds: jobs }, signal)).jobs,
    async *list({ createdSince, signal }) {
      yield* walk(OPEN_STATES, 0, signal);
      if (createdSince !== undefined) yield* walk(ENDED_STATES, createdSince, signal);
    },
  };
}

function statesThat(end: boolean): readonly string[] {
  return [...STATES].filter(([, state]) => isTerminal(state) === end).map(([name]) => name);
}

function toListedJob(job: unknown, region: string): ListedJob | undefined {
  const id = isObject(job) ? textAt(job, 'JobId') : undefined;
  if (!isObject(job) || id === undefined || !isJobId(id)) return undefined;
  const { status, warning } = toJobStatus(job, region);
  const { state, ended_at } = status;
  const created_at = readTimeText(job['CreateTime']);
  return { key: id, job: id, state, ...(warning && { isUnknown: true }), created_at, ended_at };
}
