import type {
  BulkRedelivery,
  BulkRedeliveryRequest,
  Completion,
  Heartbeat,
  Job,
  JobList,
  RedeliveryRequest,
  RetryRequest,
  Submission,
} from '../../schemas/types';
import { JobHeraldError } from '../domain/jobherald-error';
import type { GetOptions, Jobs, ListOptions, SubmitOptions } from '../engine/api';
import type { StatusReport } from '../providers/api';
import type { DirectOptions } from './direct-options';
import type { HttpOptions } from './http-sender';
import { createHttpTransport, type Transport } from './http-transport';

/** Over HTTP, to a gateway. */
export interface GatewayOptions extends Partial<HttpOptions> {
  /**
   * Where `JOBHERALD_URL` and `JOBHERALD_TOKEN` are read, where `url` and `token` are not given: pass `process.env`.
   * Nothing is read from the environment otherwise.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export type JobHeraldOptions =
  | (GatewayOptions & { readonly [name in Exclude<keyof DirectOptions, 'env' | 'timeoutMs'>]?: undefined })
  | (DirectOptions & { readonly [name in Exclude<keyof HttpOptions, 'timeoutMs'>]?: undefined });

/**
 * The client: submits jobs, hints that they have ended, and reads their state and deliveries.
 *
 * ```ts
 * const herald = new JobHerald({ url: 'https://jobherald.example.com', token });      // over HTTP
 * const herald = new JobHerald({ temporal: { address: 'temporal.example.com:7233' } }); // straight to Temporal
 * ```
 *
 * One instance per process is enough; it may be shared, and nothing is connected or loaded before the first call.
 * Every method rejects with {@link JobHeraldError}, and `ConfigError` where a configuration was given. Nothing is
 * retried by itself; retrying is safe, see each method.
 */
export class JobHerald implements Jobs, AsyncDisposable {
  readonly #open: () => Promise<Transport>;
  #opened: Promise<Transport> | undefined;
  #closed = false;

  /** @throws {JobHeraldError} `bad_request` for invalid options */
  constructor(options: JobHeraldOptions) {
    this.#open = isDirect(options) ? directly(options) : overHttp(options);
  }

  /**
   * Watches a job from now on and notifies its endpoints when it has ended. Resubmitting the same body finds the same run,
   * for as long as Temporal retains it, with `created: false`; so retry whenever in doubt. With `traceparent` the job belongs to that
   * trace of W3C Trace Context, and so does every attempt to notify somebody.
   * @throws {JobHeraldError} `conflict` for the same job with another body, `unprocessable` for an
   *   invalid endpoint, secret, job name or address, `too_large`, `bad_request`, `unavailable`
   */
  async submit(
    submission: Submission,
    options?: SubmitOptions,
  ): Promise<{ readonly job: Job; readonly created: boolean }> {
    return (await this.#transport()).jobs.submit(submission, options);
  }

  /**
   * Hints that a job may have ended: its provider is asked at once, and only its answer counts. Resolves when the hint
   * is safe in Temporal. Without effect on a job whose run is done. With an `idempotency_key` the same hint again
   * counts once; without one it costs one more request to the provider.
   * @throws {JobHeraldError} `job_not_found`, `unavailable`
   */
  async complete(provider: string, job: string, completion?: Completion): Promise<void> {
    await (await this.#transport()).jobs.complete(provider, job, completion);
  }

  /**
   * Reports that a job is alive, and will end or send the next heartbeat within `heartbeat_deadline_seconds`; otherwise its
   * provider is asked at once. Replaces the previous deadline.
   * @throws {JobHeraldError} `job_not_found`, `unprocessable`, `unavailable`
   */
  async heartbeat(provider: string, job: string, heartbeat: Heartbeat): Promise<void> {
    await (await this.#transport()).jobs.heartbeat(provider, job, heartbeat);
  }

  /**
   * Reports the status of a job whose provider has no status API: `data` of a SPEC-001 STATUS, which is believed. With an
   * `idempotency_key` in it, repeating the report has no effect.
   * @throws {JobHeraldError} `job_not_found`, `unprocessable` for data that is not a STATUS and for a provider that
   *   has a status API, `unavailable`
   */
  async report(provider: string, job: string, data: StatusReport): Promise<void> {
    await (await this.#transport()).jobs.report(provider, job, data);
  }

  /**
   * Reads a job: its state, and every delivery with its attempts. Works from the moment it is submitted. With
   * `include: 'notices'` also how many events of its tasks were passed on.
   * @throws {JobHeraldError} `job_not_found`, `unavailable`
   */
  async get(provider: string, job: string, options?: GetOptions): Promise<Job> {
    return (await this.#transport()).jobs.get(provider, job, options);
  }

  /**
   * One page of jobs, newest first, by Temporal's visibility index, which is a moment behind.
   * @throws {JobHeraldError} `bad_request` for a query that Temporal refuses, `unavailable`
   */
  async list(options?: ListOptions): Promise<JobList> {
    return (await this.#transport()).jobs.list(options);
  }

  /**
   * Asks the provider to cancel the job. The job's state shows the result.
   * @throws {JobHeraldError} `job_not_found`, `unavailable`
   */
  async cancel(provider: string, job: string): Promise<void> {
    await (await this.#transport()).jobs.cancel(provider, job);
  }

  /**
   * Redelivers the settled deliveries of a job, with the same bytes and the same `webhook-id`; only those to one endpoint
   * or of one event, where the request says so. Each call sends them again.
   * @throws {JobHeraldError} `job_not_found`, `unprocessable` for an endpoint or event without a delivery, `unavailable`
   */
  async redeliver(provider: string, job: string, request?: RedeliveryRequest): Promise<void> {
    await (await this.#transport()).jobs.redeliver(provider, job, request);
  }

  /**
   * Has the pending deliveries of a job tried now instead of when they are due; only those to one endpoint, where the request
   * says so. Attempts keep their numbers, and one that is under way is left alone.
   * @throws {JobHeraldError} `job_not_found`, `unprocessable` for an endpoint that the job does not notify, `unavailable`
   */
  async retry(provider: string, job: string, request?: RetryRequest): Promise<void> {
    await (await this.#transport()).jobs.retry(provider, job, request);
  }

  /**
   * Starts to redeliver the settled deliveries of every job that ended in a span of time; only those to one endpoint or in
   * one state, where the request says so. Resolves once it is safe in Temporal; it then runs by itself, at `max_rate`.
   * With an `idempotency_key`, repeating the request finds the same bulk redelivery; without one it sends again.
   * @throws {JobHeraldError} `unprocessable` for invalid times or an unknown endpoint, `conflict` for a key that was
   *   used with a different body, `bad_request`, `unavailable`
   */
  async redeliverAll(request: BulkRedeliveryRequest): Promise<BulkRedelivery> {
    return (await this.#transport()).redeliveries.start(request);
  }

  /**
   * Reads the progress of a bulk redelivery.
   * @throws {JobHeraldError} `not_found`, `unavailable`
   */
  async getRedelivery(id: string): Promise<BulkRedelivery> {
    return (await this.#transport()).redeliveries.get(id);
  }

  /** Closes the connection to Temporal, where this client made one. Idempotent. Every later call is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opened;
    this.#opened = undefined;
    // Where it did not come about, its callers have the error.
    await (await opening?.catch(() => undefined))?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Opened once; after a failure the next call opens it again. */
  async #transport(): Promise<Transport> {
    if (this.#closed) throw new JobHeraldError('bad_request', 'this client is closed; create a new one');
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
    throw new JobHeraldError(
      'bad_request',
      'give either { url } of a gateway or { temporal }, { client }, { config } or { configFile }, not both',
    );
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
  const transport = createHttpTransport({ ...rest, url, token });
  return async () => transport;
}

function directly(options: DirectOptions) {
  return async () => {
    const { openDirectly } = loadDirect();
    return openDirectly(options);
  };
}

/** Not imported at the top: with a gateway in between nothing of Temporal is loaded, which a cold start would pay for. */
function loadDirect(): typeof import('./direct') {
  try {
    return require('./direct') as typeof import('./direct');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    const what = 'a client without a gateway needs more packages: npm install @temporalio/client ajv yaml';
    throw new JobHeraldError('bad_request', what, { cause });
  }
}
