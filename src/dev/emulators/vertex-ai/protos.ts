import { dirname, join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The services that have jobs, with the file that defines each. */
const SERVICES = {
  JobService: 'job_service',
  PipelineService: 'pipeline_service',
  GenAiTuningService: 'genai_tuning_service',
} as const;

export type ServiceName = keyof typeof SERVICES;

/**
 * Google's own definitions, from the files that ship with its client library. Only three of about forty services are
 * parsed, which takes a third of a second.
 */
export function loadServices(): Readonly<Record<ServiceName, ServiceDefinition>> {
  const definitions = loadSync(
    Object.values(SERVICES).map((file) => `google/cloud/aiplatform/v1/${file}.proto`),
    {
      longs: String,
      enums: String,
      includeDirs: [protosOf('@google-cloud/aiplatform'), protosOf('google-gax')],
    },
  );
  const service = (name: ServiceName) => definitions[`google.cloud.aiplatform.v1.${name}`] as ServiceDefinition;
  return {
    JobService: service('JobService'),
    PipelineService: service('PipelineService'),
    GenAiTuningService: service('GenAiTuningService'),
  };
}

/** In both packages `build/protos` is next to `build/src`, where the main file is. */
function protosOf(packageName: string): string {
  return join(dirname(require.resolve(packageName)), '..', 'protos');
}
