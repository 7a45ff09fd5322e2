import type {
  Completion,
  Heartbeat,
  Job,
  JobList,
  RedeliveryRequest,
  RetryRequest,
  Submission,
} from '../../schemas/types';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { withoutUndefined } from '../../src/domain/without-undefined';
import type { Jobs, ListOptions, SubmitOptions } from '../../src/engine';
import type { StatusReport } from '../../src/providers/api';
import { aJob } from './a-job';

/** What was asked of the jobs, in order. */
export type Call =
  | { readonly method: 'submit'; readonly submission: Submission; readonly headers?: SubmitOptions }
  | { readonly method: 'list'; readonly options: ListOptions | undefined }
  | {
      readonly method: 'complete';
      readonly provider: string;
      readonly job: string;
      readonly completion?: Completion | undefined;
    }
  | { readonly method: 'heartbeat'; readonly provider: string; readonly job: string; readonly heartbeat: Heartbeat }
  | { readonly method: 'report'; readonly provider: string; readonly job: string; readonly data: StatusReport }
  | { readonly method: 'cancel'; readonly provider: string; readonly job: string }
  | {
      readonly method: 'redeliver';
      readonly provider: string;
      readonly job: string;
      readonly request?: RedeliveryRequest | undefined;
    }
  | {
      readonly method: 'retry';
      readonly provider: string;
      readonly job: string;
      readonly request?: RetryRequest | undefined;
    };

export interface FakeJobs extends Jobs {
  readonly calls: Call[];
  /** Makes every method fail with this until it is undefined again. */
  failWith(error: unknown): void;
  /** Makes every method wait for this first. */
  waitFor(gate: Promise<void>): void;
}

/** Jobs kept in memory, by the rules that the gateway's callers can see: for tests of what stands in front of them. */
export function createFakeJobs(): FakeJobs {
  const submissions = new Map<string, Submission>();
  const calls: Call[] = [];
  let failure: unknown;
  let gate: Promise<void> = Promise.resolve();

  const begin = async (): Promise<void> => {
    await gate;
    if (failure !== undefined) throw failure;
  };
  const known = (provider: string, job: string): Submission => {
    const submission = submissions.get(`${provider}/${job}`);
    if (submission === undefined) throw new JobHeraldError('job_not_found', `There is no run of ${provider}/${job}.`);
    return submission;
  };

  return {
    calls,
    failWith: (error) => {
      failure = error;
    },
    waitFor: (promise) => {
      gate = promise;
    },
    async submit(submission, options = {}) {
      await begin();
      const headers = withoutUndefined(options);
      const id = `${submission.provider}/${submission.job}`;
      const before = submissions.get(id);
      if (before === undefined) {
        calls.push({ method: 'submit', submission, ...(Object.keys(headers).length > 0 && { headers }) });
        submissions.set(id, submission);
        return { job: viewOf(submission), created: true };
      }
      if (bodyWithoutKey(before) !== bodyWithoutKey(submission)) {
        throw new JobHeraldError('conflict', `${id} was submitted with another body.`);
      }
      return { job: viewOf(before), created: false };
    },
    async get(provider, job) {
      await begin();
      return viewOf(known(provider, job));
    },
    async list(options): Promise<JobList> {
      await begin();
      calls.push({ method: 'list', options });
      return { jobs: [], next_cursor: null };
    },
    async complete(provider, job, completion) {
      await begin();
      known(provider, job);
      calls.push({ method: 'complete', provider, job, completion });
    },
    async heartbeat(provider, job, heartbeat) {
      await begin();
      known(provider, job);
      calls.push({ method: 'heartbeat', provider, job, heartbeat });
    },
    async report(provider, job, data) {
      await begin();
      known(provider, job);
      calls.push({ method: 'report', provider, job, data });
    },
    async cancel(provider, job) {
      await begin();
      known(provider, job);
      calls.push({ method: 'cancel', provider, job });
    },
    async redeliver(provider, job, request) {
      await begin();
      known(provider, job);
      calls.push({ method: 'redeliver', provider, job, request });
    },
    async retry(provider, job, request) {
      await begin();
      known(provider, job);
      calls.push({ method: 'retry', provider, job, request });
    },
  };
}

function bodyWithoutKey({ idempotency_key: _key, ...rest }: Submission): string {
  return JSON.stringify(rest);
}

function viewOf(submission: Submission): Job {
  const { provider, job, idempotency_key = 'default', labels = {} } = submission;
  const correlation_id = submission.correlation_id ?? null;
  return aJob({ provider, job, workflow_id: `${provider}/${job}`, idempotency_key, correlation_id, labels });
}
