import type {
  BulkRedelivery,
  BulkRedeliveryRequest,
  Completion,
  Heartbeat,
  Job,
  JobList,
  RedeliveryRequest,
  Submission,
} from '../../schemas/types';
import { JobHeraldError } from '../domain/jobherald-error';
import type { Jobs, ListOptions } from '../engine/jobs';
import type { StatusData } from '../providers/spec-001/status-data';
import type { OpenJobs } from './direct-jobs';
import type { DirectOptions } from './direct-options';
import { createHttpJobs } from './http-jobs';
import { createHttpRedeliveries } from './http-redeliveries';
import type { HttpOptions } from './http-sender';

/** Over HTTP, to a gateway. */
export interface GatewayOptions extends Partial<HttpOptions> {
  /**
   * Where `JOBHERALD_URL` and `JOBHERALD_TOKEN` are read for want of `url` and `token`: give `process.env`. Nothing is
   * read from the environment otherwise.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export type JobHeraldOptions =
  | (GatewayOptions & { readonly [name in Exclude<keyof DirectOptions, 'env' | 'timeoutMs'>]?: undefined })
  | (DirectOptions & { readonly [name in Exclude<keyof HttpOptions, 'timeoutMs'>]?: undefined });

/**
 * The client: submits jobs, hints that they have ended, and reads what became of them.
 *
 * ```ts
 * const herald = new JobHerald({ url: 'https://jobherald.example.com', token });      // over HTTP
 * const herald = new JobHerald({ temporal: { address: 'temporal.example.com:7233' } }); // straight to Temporal
 * ```
 *
 * One instance per process is enough; it may be shared, and nothing is connected or loaded before the first call.
 * Every method rejects with {@link JobHeraldError}, and `ConfigError` where a configuration was given. Nothing is
 * tried again by itself; trying again is safe, see each method.
 */
export class JobHerald implements Jobs, AsyncDisposable {
  readonly #open: () => Promise<OpenJobs>;
  #opened: Promise<OpenJobs> | undefined;
  #closed = false;

  /** @throws {JobHeraldError} `bad_request` for options that cannot be used */
  constructor(options: JobHeraldOptions) {
    this.#open = isDirect(options) ? directly(options) : overHttp(options);
  }

  /**
   * Watches a job from now on and tells its endpoints when it has ended. The same submission again finds the same run,
   * for as long as Temporal retains it, and `created` is false then; so try again after any doubt.
   * @throws {JobHeraldError} `conflict` for the same job with another body, `unprocessable` for an endpoint, secret,
   *   job name or address that cannot be used, `too_large`, `bad_request`, `unavailable`
   */
  async submit(submission: Submission): Promise<{ readonly job: Job; readonly created: boolean }> {
    return (await this.#jobs()).submit(submission);
  }

  /**
   * Hints that a job may have ended: its provider is asked at once, and only its answer counts. Resolves when the hint
   * is safe in Temporal. Without effect on a job whose run is done. With an `idempotency_key` the same hint again
   * counts once; without one it costs one more question to the provider.
   * @throws {JobHeraldError} `job_not_found`, `unavailable`
   */
  async complete(provider: string, job: string, completion?: Completion): Promise<void> {
    await (await this.#jobs()).complete(provider, job, completion);
  }

  /**
   * Says that a job lives and will end or say so again within `heartbeat_deadline_seconds`; else its provider is asked
   * at once. Replaces the deadline before.
   * @throws {JobHeraldError} `job_not_found`, `unprocessable`, `unavailable`
   */
  async heartbeat(provider: string, job: string, heartbeat: Heartbeat): Promise<void> {
    await (await this.#jobs()).heartbeat(provider, job, heartbeat);
  }

  /**
   * Reports how a job is whose provider has no status API: `data` of a SPEC-001 STATUS, which is believed. With an
   * `idempotency_key` in it the same report again counts once.
   * @throws {JobHeraldError} `job_not_found`, `unprocessable` for data that is no STATUS and for a provider that is asked
   *   itself, `unavailable`
   */
  async report(provider: string, job: string, data: StatusData): Promise<void> {
    await (await this.#jobs()).report(provider, job, data);
  }

  /**
   * Reads a job: its state, and every delivery with its attempts. Answers from the moment it is submitted.
   * @throws {JobHeraldError} `job_not_found`, `unavailable`
   */
  async get(provider: string, job: string): Promise<Job> {
    return (await this.#jobs()).get(provider, job);
  }

  /**
   * One page of jobs, newest first, by Temporal's visibility index, which is a moment behind.
   * @throws {JobHeraldError} `bad_request` for a query that Temporal does not take, `unavailable`
   */
  async list(options?: ListOptions): Promise<JobList> {
    return (await this.#jobs()).list(options);
  }

  /**
   * Asks the provider to cancel the job. What comes of it is seen in the job's state.
   * @throws {JobHeraldError} `job_not_found`, `unavailable`
   */
  async cancel(provider: string, job: string): Promise<void> {
    await (await this.#jobs()).cancel(provider, job);
  }

  /**
   * Sends what a job has told once more, with the same bytes and the same `webhook-id`; to one endpoint or of one event
   * where the request says so. Each call sends once more.
   * @throws {JobHeraldError} `job_not_found`, `unprocessable` for an endpoint or event that was not told, `unavailable`
   */
  async redeliver(provider: string, job: string, request?: RedeliveryRequest): Promise<void> {
    await (await this.#jobs()).redeliver(provider, job, request);
  }

  /**
   * Begins to make the settled deliveries of every job again that ended in a span of time; to one endpoint or of one
   * state where the request says so. Resolves once that is safe in Temporal; it goes on by itself, at `max_rate`.
   * With an `idempotency_key` the same request again finds the same bulk redelivery; without one it sends once more.
   * @throws {JobHeraldError} `unprocessable` for times or an endpoint that cannot be used, `conflict` for a key that
   *   came with another body, `bad_request`, `unavailable`
   */
  async redeliverAll(request: BulkRedeliveryRequest): Promise<BulkRedelivery> {
    return (await this.#opening()).redeliveries.start(request);
  }

  /**
   * How far a bulk redelivery has come.
   * @throws {JobHeraldError} `not_found`, `unavailable`
   */
  async getRedelivery(id: string): Promise<BulkRedelivery> {
    return (await this.#opening()).redeliveries.get(id);
  }

  /** Closes the connection to Temporal, where this client made one. Idempotent; no call is possible after it. */
  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opened;
    this.#opened = undefined;
    await (await opening?.catch(() => undefined))?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #jobs(): Promise<Jobs> {
    return (await this.#opening()).jobs;
  }

  /** Opened once; after a failure the next call tries again. */
  async #opening(): Promise<OpenJobs> {
    if (this.#closed) throw new JobHeraldError('bad_request', 'this client is closed; make a new one');
    this.#opened ??= this.#open();
    const opening = this.#opened;
    try {
      return await opening;
    } catch (error) {
      if (this.#opened === opening) this.#opened = undefined;
      throw error;
    }
  }
}

function isDirect(options: JobHeraldOptions): options is DirectOptions {
  const direct = Boolean(options.temporal ?? options.client ?? options.config ?? options.configFile);
  if (direct && options.url) {
    throw new JobHeraldError('bad_request', 'give either the url of a gateway or where Temporal is, not both');
  }
  return direct;
}

function overHttp({ env = {}, url = env['JOBHERALD_URL'], token = env['JOBHERALD_TOKEN'], ...rest }: GatewayOptions) {
  if (!url) {
    throw new JobHeraldError(
      'bad_request',
      'give { url } of a gateway, { env: process.env } with JOBHERALD_URL in it, or { temporal: { address } }',
    );
  }
  const to = { ...rest, url, token };
  const jobs = createHttpJobs(to);
  const redeliveries = createHttpRedeliveries(to);
  return async () => ({ jobs, redeliveries, close: async () => undefined });
}

function directly(options: DirectOptions) {
  return async () => {
    // Not imported at the top: with a gateway in between nothing of Temporal is loaded, which a function that
    // starts cold would pay for.
    const { directConfig } = require('./direct-config') as typeof import('./direct-config');
    const { openDirectJobs } = require('./direct-jobs') as typeof import('./direct-jobs');
    return openDirectJobs(directConfig(options), options);
  };
}
