/** What a program imports from `jobherald`. Light: Temporal's client is loaded only when it is spoken to. */

export type {
  Artifact,
  BulkRedelivery,
  BulkRedeliveryRequest,
  Completion,
  ConfigFile,
  EndpointChoice,
  EventType,
  Format,
  Heartbeat,
  InlineEndpoint,
  Job,
  JobAttempt,
  JobDelivery,
  JobList,
  JobState,
  JobSummary,
  NamedEndpoint,
  Notification,
  Problem,
  RedeliveryRequest,
  RetryRequest,
  SettledState,
  StandardEvent,
  Submission,
} from '../schemas/types';
export type { DirectOptions, TemporalOptions } from './client/direct-options';
export { type GatewayOptions, JobHerald, type JobHeraldOptions } from './client/jobherald';
export { ConfigError } from './config/config-error';
export { eventId, NAMESPACE, workflowIdOf } from './domain/identity';
export { type ErrorCode, type Fault, JobHeraldError } from './domain/jobherald-error';
export type { GetOptions, Jobs, ListOptions, SubmitOptions } from './engine/api';
export type * from './providers/published-types';
