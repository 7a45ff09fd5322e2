import type { VertexAiConfig } from '../../config/config';
import { ProviderError } from '../provider';
import { noCredentials } from './api-error';
import type { Clients, Stub } from './clients';
import { serviceAddress } from './service-address';

export interface CheckOptions {
  readonly config: VertexAiConfig;
  readonly clients: Clients;
  readonly deadlineMs: number;
  /** Asks the API for a job. */
  readonly get: (job: string) => Promise<unknown>;
}

/** A region that every project has; where a project's jobs are is not known before there is one. */
const LOCATION = 'us-central1';

/**
 * Says as much as can be known without a job: with a project, whether its batch prediction jobs may be read; without,
 * whether there are credentials and the API can be reached.
 * @throws {ProviderError}
 */
export async function checkVertexAi({ config, clients, deadlineMs, get }: CheckOptions): Promise<string> {
  const { host, port } = serviceAddress(config, LOCATION);
  const [project] = Object.values(config.projects);
  if (project) {
    await unlessNotFound(get(`projects/${project}/locations/${LOCATION}/batchPredictionJobs/1`));
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

/** The permission is checked first, so a job that is not there is the answer of somebody who may ask. */
async function unlessNotFound(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof ProviderError && error.code === 'not_found')) throw error;
  }
}

function ready(stub: Stub, deadlineMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    stub.waitForReady(new Date(Date.now() + deadlineMs), (error) => (error ? reject(error) : resolve()));
  });
}
