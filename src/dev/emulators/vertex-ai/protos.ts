import { dirname, join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';

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

/** Serializes the details of an error that asks to be left alone for some ms (https://google.aip.dev/193). */
export function loadRetryDetails(): (retryAfterMs: number, code: number, message: string) => Buffer {
  const definitions = loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto'], {
    includeDirs: [protosOf('google-gax')],
  });
  const type = (name: string) => definitions[`google.rpc.${name}`] as MessageTypeDefinition<object, object>;
  return (retryAfterMs, code, message) => {
    const retryDelay = { seconds: Math.floor(retryAfterMs / 1_000), nanos: (retryAfterMs % 1_000) * 1e6 };
    const value = type('RetryInfo').serialize({ retryDelay });
    const details = [{ type_url: 'type.googleapis.com/google.rpc.RetryInfo', value }];
    return type('Status').serialize({ code, message, details });
  };
}

/** In both packages `build/protos` is next to `build/src`, where the main file is. */
function protosOf(packageName: string): string {
  return join(dirname(require.resolve(packageName)), '..', 'protos');
}
