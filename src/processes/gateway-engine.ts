import type { Connection } from '@temporalio/client';
import { withTimeout } from '../async/with-timeout';
import { wrapMethods } from '../async/wrap-methods';
import { JobHeraldError } from '../domain/jobherald-error';
import { type Engine, mapFaultsOfOperators } from '../engine';
import type { Readiness } from '../gateway/routes/health';

/** Temporal, once it is reached. */
export interface ConnectedTemporal {
  readonly connection: Connection;
  readonly engine: Engine;
  ready(): Promise<Readiness>;
}

export interface GatewayEngine extends Engine {
  /** Until then every call is refused as `unavailable`. */
  connect(temporal: ConnectedTemporal): void;
  ready(): Promise<Readiness>;
}

/** Timeout of a call to Temporal, including the SDK's own retries. */
const DEADLINE_MS = 4_000;
/** A retry may start to wait just before the deadline; the caller does not wait with it. */
const GRACE_MS = 500;
/** A callback is answered when its provider has been asked, which may fail and be retried for a while. */
const CALLBACK_DEADLINE_MS = 60_000;

/** An {@link Engine} for a server that listens before Temporal is reached, and that answers in five seconds when it is lost. */
export function createGatewayEngine(): GatewayEngine {
  let temporal: ConnectedTemporal | undefined;

  const connected = (): ConnectedTemporal => {
    if (temporal === undefined) throw unavailable('Temporal has not been reached yet');
    return temporal;
  };
  const bounded = async <R>(call: () => Promise<R>, method?: PropertyKey): Promise<R> => {
    const deadlineMs = method === 'callback' ? CALLBACK_DEADLINE_MS : DEADLINE_MS;
    const calling = connected().connection.withDeadline(Date.now() + deadlineMs, () => mapFaultsOfOperators(call));
    return withTimeout(calling, deadlineMs + GRACE_MS, () => unavailable('Temporal does not answer right now'));
  };

  return {
    connect: (reached) => {
      temporal = reached;
    },
    ready: async () => (temporal ? temporal.ready() : { ready: false, reason: 'The gateway waits for Temporal.' }),
    jobs: wrapMethods(() => connected().engine.jobs, bounded),
    endpoints: wrapMethods(() => connected().engine.endpoints, bounded),
    redeliveries: wrapMethods(() => connected().engine.redeliveries, bounded),
    inbox: wrapMethods(() => connected().engine.inbox, bounded),
    notifyOperations: (notice) => bounded(() => connected().engine.notifyOperations(notice)),
  };
}

/** The outcome of the call is not known then; every one of them may be repeated. */
function unavailable(what: string): JobHeraldError {
  return new JobHeraldError('unavailable', `${what}; try again`);
}
