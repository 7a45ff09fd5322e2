import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { NOT_ASKED_YET } from '../../src/domain/job-run';
import type { JobStatus } from '../../src/domain/job-status';
import type { PollPace } from '../../src/domain/poll-pace';
import type { WatchRules } from '../../src/domain/watch-rules';
import { type JobContext, type Provider, ProviderError } from '../../src/providers/provider';
import type { Watching } from '../../src/providers/watching';
import { WATCH_DEFAULTS } from '../../src/providers/watching-of';

/** A provider whose answers a test writes. It is a border of ours; the real one is tested against its emulator. */
export interface ScriptedProvider extends Provider {
  /** What it says from now on; an error is thrown. A function sees how often it was asked about the job before. */
  says(answer: Answer | ((before: number) => Answer)): void;
  /** Lets its answer to the next question, as it is when it is asked, wait until the returned function is called. */
  holdNext(): () => void;
  /** Jobs it was asked about, in order. */
  readonly asked: readonly string[];
  readonly canceled: readonly string[];
  readonly released: readonly string[];
  /** What the last question said beside the job's name. */
  readonly lastContext: JobContext | undefined;
}

type Answer = Partial<JobStatus> | Error;

export const RUNNING: Partial<JobStatus> = { state: 'RUNNING', provider_state: 'JOB_STATE_RUNNING' };
export const SUCCEEDED: Partial<JobStatus> = {
  state: 'COMPLETED',
  provider_state: 'JOB_STATE_SUCCEEDED',
  artifacts: [{ uri: 'gs://bucket/out', type: 'GCS_DIRECTORY' }],
  started_at: '2026-01-02T03:05:00Z',
  ended_at: '2026-01-02T04:00:00Z',
};

export function scriptedProvider(
  options: {
    readonly poll?: Partial<PollPace>;
    readonly cancel?: 'accepts' | 'unsupported' | 'denies';
    readonly track?: Provider['track'];
    readonly rules?: WatchRules;
    readonly watching?: Partial<Watching>;
  } = {},
): ScriptedProvider {
  let answer: Answer | ((before: number) => Answer) = RUNNING;
  let held: Promise<void> | undefined;
  const asked: string[] = [];
  const canceled: string[] = [];
  const released: string[] = [];
  let lastContext: JobContext | undefined;
  const scope = randomUUID();
  const provider: ScriptedProvider = {
    name: 'scripted',
    poll: { firstMs: 60_000, factor: 2, maxMs: 600_000, lostAfterMs: 600_000, ...options.poll },
    unspecifiedState: 'JOB_STATE_UNSPECIFIED',
    track: options.track ?? { auto: false, endpoints: [] },
    ...(options.rules && { rules: options.rules }),
    watching: {
      ...WATCH_DEFAULTS,
      tracked: { scopes: [], sinceMs: 0 },
      // A scope of its own, so that test files do not watch each other's jobs.
      scopeOf: () => scope,
      namePrefix: () => '',
      keyOf: (job, watchKey) => (options.rules?.ask_from === 'identity' ? watchKey : job),
      ...options.watching,
    },
    asked,
    canceled,
    released,
    get lastContext() {
      return lastContext;
    },
    says: (next) => {
      answer = next;
    },
    holdNext: () => {
      let release = () => {};
      held = new Promise((resolve) => (release = resolve));
      return () => release();
    },
    canonicalJobName: (job) => {
      if (job.includes(' ')) throw new ProviderError('invalid_job_name', 'a job name has no spaces');
      return job;
    },
    getJobStatus: async (job, signal, context) => {
      const given = typeof answer === 'function' ? answer(asked.filter((name) => name === job).length) : answer;
      asked.push(job);
      lastContext = context;
      const untilReleased = held;
      held = undefined;
      await Promise.race([untilReleased, ...(untilReleased ? [aborted(signal)] : [])]);
      if (given instanceof Error) throw given;
      return { ...NOT_ASKED_YET, ...given };
    },
    release: async (job) => {
      released.push(job);
    },
    check: async () => 'scripted',
    close: async () => undefined,
  };
  if (options.cancel === 'unsupported') return provider;
  return Object.assign(provider, {
    cancelJob: async (job: string) => {
      if (options.cancel === 'denies') throw new ProviderError('permission_denied', 'you may not cancel this');
      canceled.push(job);
    },
  });
}

/** As a request that is cut short. */
async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new ProviderError('unavailable', 'cut short');
}
