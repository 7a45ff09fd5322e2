import type { Connection } from '@temporalio/client';
import { withTimeout } from '../async/with-timeout';
import { JobHeraldError } from '../domain/jobherald-error';
import type { Notice } from '../domain/notice';
import type { Endpoints } from '../engine/endpoints';
import type { Jobs } from '../engine/jobs';
import type { ProviderInbox } from '../engine/provider-inbox';
import type { Redeliveries } from '../engine/redeliveries';
import type { Readiness } from '../gateway/routes/health';

/** Temporal, once it is there. */
export interface ConnectedTemporal {
  readonly connection: Connection;
  readonly jobs: Jobs;
  readonly endpoints: Endpoints;
  readonly redeliveries: Redeliveries;
  readonly inbox: ProviderInbox;
  notifyOperations(notice: Notice): Promise<void>;
  ready(): Promise<Readiness>;
}

export interface GatewayJobs extends Jobs {
  readonly endpoints: Endpoints;
  readonly redeliveries: Redeliveries;
  readonly inbox: ProviderInbox;
  /** Tells the operations endpoint, where there is one. */
  notifyOperations(notice: Notice): Promise<void>;
  /** Until then every call is refused as `unavailable`. */
  connect(temporal: ConnectedTemporal): void;
  ready(): Promise<Readiness>;
}

/** After which a call to Temporal is given up, and the SDK's own retries within. */
const DEADLINE_MS = 4_000;
/** A retry may begin to wait just before the deadline; the caller does not wait with it. */
const GRACE_MS = 500;
/** A callback is answered when its provider has been asked, which may be ill for a while. */
const CALLBACK_DEADLINE_MS = 60_000;

/** {@link Jobs} for a server that listens before Temporal is there, and that answers in five seconds when it has gone. */
export function gatewayJobs(): GatewayJobs {
  let temporal: ConnectedTemporal | undefined;

  const mapTemporalErrors = async <T>(
    use: (temporal: ConnectedTemporal) => Promise<T>,
    deadlineMs: number = DEADLINE_MS,
  ): Promise<T> => {
    if (temporal === undefined) throw unavailable('Temporal has not been reached yet');
    const there = temporal;
    const calling = there.connection.withDeadline(Date.now() + deadlineMs, () => use(there));
    return withTimeout(calling, deadlineMs + GRACE_MS, () => unavailable('Temporal does not answer just now'));
  };
  const call = <T>(use: (jobs: Jobs) => Promise<T>) => mapTemporalErrors(({ jobs }) => use(jobs));

  return {
    connect: (arrived) => {
      temporal = arrived;
    },
    ready: async () => (temporal ? temporal.ready() : { ready: false, reason: 'The gateway waits for Temporal.' }),
    notifyOperations: (notice) => mapTemporalErrors((there) => there.notifyOperations(notice)),
    endpoints: {
      get: (name) => mapTemporalErrors(({ endpoints }) => endpoints.get(name)),
      pause: (name) => mapTemporalErrors(({ endpoints }) => endpoints.pause(name)),
      resume: (name) => mapTemporalErrors(({ endpoints }) => endpoints.resume(name)),
      test: (name) => mapTemporalErrors(({ endpoints }) => endpoints.test(name)),
    },
    redeliveries: {
      start: (request) => mapTemporalErrors(({ redeliveries }) => redeliveries.start(request)),
      get: (id) => mapTemporalErrors(({ redeliveries }) => redeliveries.get(id)),
    },
    inbox: {
      track: (job) => mapTemporalErrors(({ inbox }) => inbox.track(job)),
      report: (provider, job, report) => mapTemporalErrors(({ inbox }) => inbox.report(provider, job, report)),
      beat: (provider, job, heartbeat) => mapTemporalErrors(({ inbox }) => inbox.beat(provider, job, heartbeat)),
      passOn: (provider, job, event) => mapTemporalErrors(({ inbox }) => inbox.passOn(provider, job, event)),
      passOnWithoutJob: (provider, event) => mapTemporalErrors(({ inbox }) => inbox.passOnWithoutJob(provider, event)),
      // Asks the provider meanwhile, so it has its own patience.
      callback: (provider, job, callback) =>
        mapTemporalErrors(({ inbox }) => inbox.callback(provider, job, callback), CALLBACK_DEADLINE_MS),
    },
    submit: (submission) => call((jobs) => jobs.submit(submission)),
    get: (provider, job) => call((jobs) => jobs.get(provider, job)),
    list: (options) => call((jobs) => jobs.list(options)),
    complete: (provider, job, completion) => call((jobs) => jobs.complete(provider, job, completion)),
    heartbeat: (provider, job, heartbeat) => call((jobs) => jobs.heartbeat(provider, job, heartbeat)),
    report: (provider, job, data) => call((jobs) => jobs.report(provider, job, data)),
    cancel: (provider, job) => call((jobs) => jobs.cancel(provider, job)),
    redeliver: (provider, job, request) => call((jobs) => jobs.redeliver(provider, job, request)),
  };
}

/** What came of the call is not known then; every one of them may be made again. */
function unavailable(what: string): JobHeraldError {
  return new JobHeraldError('unavailable', `${what}; try again`);
}
