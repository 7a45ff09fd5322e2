import { status as Code } from '@grpc/grpc-js';
import { withWarnings } from '../../domain/job-status';
import { type Provider, ProviderError, type ProviderOptions } from '../provider';
import { callApi, noCredentials, toProviderError } from './call-api';
import { type Clients, createClients, type Stub, serviceAddress } from './clients';
import type { VertexAiConfig } from './config';
import {
  canonicalJobName,
  canonicalTrackedScope,
  faultOfTrackedScope,
  formatJobName,
  formatScope,
  JOB_KINDS,
  type JobGroup,
  parseJobName,
  readJobName,
  readTrackedScope,
  scopeOf,
} from './job-name';
import type { JobResource } from './job-resource';
import { toJobStatus } from './job-status';
import { listJobs, listKeyOf, listPage } from './list-jobs';

export const VERTEX_AI = 'vertex-ai';

const DEADLINE_MS = 10_000;

/** Vertex AI: batch prediction, custom, tuning and pipeline jobs, all by the same code. */
export function createVertexAiProvider(config: VertexAiConfig, options: ProviderOptions): Provider {
  const { warn, deadlineMs = DEADLINE_MS } = options;
  const clients = createClients(config);

  const call = async (verb: 'get' | 'cancel', job: string, signal: AbortSignal): Promise<unknown> => {
    const { collection, location } = parseJobName(job);
    const { client, type } = JOB_KINDS[collection];
    try {
      const stub = await clients.stub(client, location);
      return await callApi(stub, `${verb}${type}`, { name: job }, { routing: { name: job }, deadlineMs, signal });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw toProviderError(error, { verb, name: job, collection });
    }
  };

  return {
    name: VERTEX_AI,
    poll: config.poll,
    unspecifiedState: 'JOB_STATE_UNSPECIFIED',
    track: config.track,
    overdueAfterMs: config.overdueAfterMs,
    watching: {
      sweep: config.sweep,
      safetyMs: config.safetyMs,
      tracked: config.track,
      readScope(text) {
        const scope = canonicalTrackedScope(text, config.projects);
        const fault = faultOfTrackedScope(scope);
        return fault === undefined ? { scope } : { fault };
      },
      scopeOf,
      namePrefix: (scope) => `${scope}/`,
      keyOf(job) {
        const name = readJobName(job);
        return name && listKeyOf(name);
      },
      list: (request) => listJobs(request, { clients, projects: config.projects, deadlineMs }),
    },

    canonicalJobName: (job) => canonicalJobName(job, config.projects),

    async getJobStatus(job, signal) {
      const { status, warning } = toJobStatus((await call('get', job, signal)) as JobResource);
      if (warning) warn(warning, { provider: VERTEX_AI, job, provider_state: status.provider_state });
      return withWarnings(status, warning ? [warning] : []);
    },

    async cancelJob(job, signal) {
      try {
        await call('cancel', job, signal);
      } catch (error) {
        if (!hasEnded(error)) throw error;
      }
    },

    check: (signal) =>
      checkVertexAi({
        config,
        clients,
        deadlineMs,
        get: (job) => call('get', job, signal),
        list: ({ collection, ...parent }) =>
          listPage(
            { parent: formatScope(parent), collection, filter: '', pageToken: '', pageSize: 1 },
            { clients, projects: config.projects, deadlineMs },
            signal,
          ),
      }),

    warmUp: () => clients.warmUp(),
    close: () => clients.close(),
  };
}

/** The API refuses to cancel a job that has ended, which is no failure. */
function hasEnded(error: unknown): boolean {
  const cause = error instanceof ProviderError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === Code.FAILED_PRECONDITION;
}

export interface CheckOptions {
  readonly config: VertexAiConfig;
  readonly clients: Clients;
  readonly deadlineMs: number;
  /** Gets a job from the API. */
  readonly get: (job: string) => Promise<unknown>;
  /** Lists one job, if there is one. */
  readonly list: (group: JobGroup) => Promise<unknown>;
}

/** A region that every project has: where a project's jobs are is unknown before there is one. */
const LOCATION = 'us-central1';

/**
 * Checks what can be checked without a job: whether the jobs that are tracked may be listed and read; with none but a
 * configured project, whether its batch prediction jobs may be read; else whether there are credentials and the API
 * can be reached.
 * @throws {ProviderError} with the permission that is missing
 */
export async function checkVertexAi({ config, clients, deadlineMs, get, list }: CheckOptions): Promise<string> {
  const groups = config.track.scopes.flatMap((scope) => readTrackedScope(scope) ?? []);
  for (const group of groups) {
    await list(group);
    await ignoreNotFound(get(formatJobName({ ...group, id: '1' }, {})));
  }
  if (groups.length > 0) return `may list and read jobs of ${config.track.scopes.join(', ')}`;

  const { host, port } = serviceAddress(config, LOCATION);
  const [project] = Object.values(config.projects);
  if (project) {
    await ignoreNotFound(get(`projects/${project}/locations/${LOCATION}/batchPredictionJobs/1`));
    return `reached ${host}:${port} and may read batch prediction jobs of project ${project}`;
  }
  try {
    await ready(await clients.stub('JobServiceClient', LOCATION), deadlineMs);
  } catch (error) {
    const unreachable = `Vertex AI cannot be reached at ${host}:${port}: ${String(error)}`;
    throw noCredentials(error) ?? new ProviderError('unavailable', unreachable, { cause: error });
  }
  return `reached ${host}:${port}; permissions were not tried, as providers.vertex-ai.projects names no project`;
}

/** The API checks the permission first, so NOT_FOUND proves that the caller may read jobs. */
async function ignoreNotFound(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ProviderError && error.code === 'not_found')) throw error;
  }
}

function ready(stub: Stub, deadlineMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    stub.waitForReady(new Date(Date.now() + deadlineMs), (error) => (error ? reject(error) : resolve()));
  });
}
