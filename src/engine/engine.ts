import { wrapMethods } from '../async/wrap-methods';
import type { Endpoints, Jobs, Redeliveries } from './api';
import { createEndpoints } from './endpoints';
import { createJobs } from './jobs';
import { createNotifyOperations, type NotifyOperations } from './notices';
import { createProviderInbox, type ProviderInbox } from './provider-inbox';
import { createRedeliveries } from './redeliveries';
import type { EngineOptions } from './start-run';
import { mapTemporalErrors } from './temporal-errors';

/** All that jobherald does by Temporal's client. Methods throw {@link JobHeraldError}. */
export interface Engine {
  readonly jobs: Jobs;
  readonly endpoints: Endpoints;
  readonly redeliveries: Redeliveries;
  readonly inbox: ProviderInbox;
  /** Notifies the operations endpoint, where there is one. */
  readonly notifyOperations: NotifyOperations;
}

export function createEngine(options: EngineOptions): Engine {
  const { client, config } = options;
  return {
    jobs: wrapMethods(createJobs(options), mapTemporalErrors),
    endpoints: wrapMethods(createEndpoints(client, config), mapTemporalErrors),
    redeliveries: wrapMethods(createRedeliveries(client, config), mapTemporalErrors),
    inbox: wrapMethods(createProviderInbox(options), mapTemporalErrors),
    notifyOperations: createNotifyOperations(client, config),
  };
}
