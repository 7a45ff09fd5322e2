/** Every JSON Schema by the name of its type. References between them are by `$id`. */
import bulkRedelivery from './bulk-redelivery.schema.json';
import bulkRedeliveryRequest from './bulk-redelivery-request.schema.json';
import common from './common.schema.json';
import completion from './completion.schema.json';
import config from './config.schema.json';
import endpoint from './endpoint.schema.json';
import heartbeat from './heartbeat.schema.json';
import job from './job.schema.json';
import jobList from './job-list.schema.json';
import problem from './problem.schema.json';
import redeliveryRequest from './redelivery-request.schema.json';
import retryRequest from './retry-request.schema.json';
import spec001 from './spec-001.schema.json';
import standardEvent from './standard-event.schema.json';
import submission from './submission.schema.json';
import tencentBatchEvent from './tencent-batch-event.schema.json';
import vertexAiEvent from './vertex-ai-event.schema.json';

export const schemas = {
  Common: common,
  Submission: submission,
  Completion: completion,
  Heartbeat: heartbeat,
  EndpointView: endpoint,
  Job: job,
  JobList: jobList,
  RedeliveryRequest: redeliveryRequest,
  RetryRequest: retryRequest,
  BulkRedeliveryRequest: bulkRedeliveryRequest,
  BulkRedelivery: bulkRedelivery,
  Problem: problem,
  StandardEvent: standardEvent,
  VertexAiEvent: vertexAiEvent,
  TencentBatchEvent: tencentBatchEvent,
  Spec001Message: spec001,
  ConfigFile: config,
} as const;

export type SchemaName = keyof typeof schemas;
