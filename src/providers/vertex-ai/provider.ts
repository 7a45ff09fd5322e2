import { status as Code } from '@grpc/grpc-js';
import type { VertexAiConfig } from '../../config/config';
import { type Provider, ProviderError, type ProviderOptions } from '../provider';
import { toProviderError } from './api-error';
import { checkVertexAi } from './check';
import { createClients } from './clients';
import { JOB_KINDS } from './job-kind';
import { canonicalJobName, parseJobName } from './job-name';
import { toJobStatus } from './job-status';
import type { JobResource } from './resource';
import { callByName } from './unary-call';

export const VERTEX_AI = 'vertex-ai';

const DEADLINE_MS = 10_000;

/** Vertex AI: batch prediction, custom, tuning and pipeline jobs, by the same code. */
export function createVertexAiProvider(config: VertexAiConfig, options: ProviderOptions): Provider {
  const { warn, deadlineMs = DEADLINE_MS } = options;
  const clients = createClients(config);

  const call = async (verb: 'get' | 'cancel', job: string, signal: AbortSignal): Promise<unknown> => {
    const { collection, location } = parseJobName(job);
    const { client, type } = JOB_KINDS[collection];
    try {
      const stub = await clients.stub(client, location);
      return await callByName(stub, `${verb}${type}`, job, { deadlineMs, signal });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw toProviderError(error, { verb, job, collection });
    }
  };

  return {
    name: VERTEX_AI,
    poll: config.poll,
    unspecifiedState: 'JOB_STATE_UNSPECIFIED',
    track: config.track,

    canonicalJobName: (job) => canonicalJobName(job, config.projects),

    async getJobStatus(job, signal) {
      const { status, warning } = toJobStatus((await call('get', job, signal)) as JobResource);
      if (warning) warn(warning, { provider: VERTEX_AI, job, provider_state: status.provider_state });
      return status;
    },

    async cancelJob(job, signal) {
      try {
        await call('cancel', job, signal);
      } catch (error) {
        if (!hasEnded(error)) throw error;
      }
    },

    check: (signal) => checkVertexAi({ config, clients, deadlineMs, get: (job) => call('get', job, signal) }),

    warmUp: () => clients.warmUp(),
    close: () => clients.close(),
  };
}

/** A job that is over cannot be cancelled, and need not be. */
function hasEnded(error: unknown): boolean {
  const cause = error instanceof ProviderError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === Code.FAILED_PRECONDITION;
}
