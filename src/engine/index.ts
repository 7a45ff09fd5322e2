/** Our side of Temporal's client, for the gateway, the activities and the direct client. */

export type { Endpoints, GetOptions, Jobs, ListOptions, Redeliveries, SubmitOptions } from './api';
export { AUDIT_RESULTS, type AuditedJob, auditJobs } from './audit';
export { type BrokenRun, brokenRunNotice, brokenRuns } from './broken-runs';
export { createEndpointPauses, type EndpointPauses } from './endpoint-pauses';
export { createEndpoints } from './endpoints';
export { createEngine, type Engine } from './engine';
export { lookAtJob, runKnowsEnd } from './look';
export { createNotifyOperations, type NotifyOperations, startNotice } from './notices';
export { countOpenJobs, type OpenJob, type OpenJobsQuery, openJobs } from './open-jobs';
export { type PendingActivity, pendingActivities, pendingDeliveries } from './pending-activities';
export type { Callback, ProviderInbox, TrackedJob } from './provider-inbox';
export { redeliverJob, startRedelivery } from './redeliver-job';
export { createRedeliveries } from './redeliveries';
export { repairedDeliveries } from './redelivery-runs';
export { createPendingReader, findWaiting, type WaitingDeliveries } from './retry-pending';
export { jobDeliveries, type RecordedDelivery } from './run-deliveries';
export type { RunId } from './run-history';
export { createEnsureWatch, type EnsureWatch, ensureCaretaker, isWithin } from './scope-watches';
export { trackJob } from './start-run';
export { isNotFound, isPassing, mapFaultsOfOperators, mapTemporalErrors, mapTemporalRefusals } from './temporal-errors';
export { countExecutions, quoted } from './visibility';
