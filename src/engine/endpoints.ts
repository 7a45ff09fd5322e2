import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { EndpointView } from '../../schemas/types';
import type { Config, EndpointConfig } from '../config/config';
import { createEndpointPauses } from './endpoint-pauses';
import { findEndpoint } from './find-endpoint';
import { startNotice } from './notices';
import { shownUrl } from './shown-url';
import { mapTemporalErrors } from './temporal-errors';

/** What can be done with endpoints, configured ones and inline ones. Methods throw {@link JobHeraldError}. */
export interface Endpoints {
  get(name: string): Promise<EndpointView>;
  /** Holds its deliveries back; they stay pending, and their windows stand still. */
  pause(name: string): Promise<EndpointView>;
  /** Lets them go on: each is tried within a minute, the oldest first. */
  resume(name: string): Promise<EndpointView>;
  /** Sends it one signed event `endpoint.test`. */
  test(name: string): Promise<void>;
}

/** {@link Endpoints} straight to Temporal. */
export function createTemporalEndpoints(client: Client, config: Config): Endpoints {
  const { taskQueue } = config.temporal;
  const pauses = createEndpointPauses(client, taskQueue);

  const view = async (endpoint: EndpointConfig): Promise<EndpointView> => {
    const { name, type, format, events } = endpoint;
    const state = await pauses.stateOf(name);
    return {
      name,
      type,
      url: shownUrl(endpoint),
      format,
      events,
      state: state.state,
      ...(state.state === 'paused' ? { reason: state.reason, paused_at: new Date(state.pausedAt).toISOString() } : {}),
    };
  };
  const find = (name: string) => findEndpoint(client, config, name);

  return {
    get: (name) => mapTemporalErrors(async () => view((await find(name)).endpoint)),
    pause: (name) =>
      mapTemporalErrors(async () => {
        const { endpoint } = await find(name);
        await pauses.pause({ endpoint: name, reason: 'an operator paused it' });
        return view(endpoint);
      }),
    resume: (name) =>
      mapTemporalErrors(async () => {
        const { endpoint } = await find(name);
        await pauses.resume(name);
        return view(endpoint);
      }),
    test: (name) =>
      mapTemporalErrors(async () => {
        const { address } = await find(name);
        const timestamp = new Date().toISOString();
        const notice = {
          type: 'endpoint.test',
          timestamp,
          distinguishers: [name, randomUUID()],
          data: { endpoint: name },
        } as const;
        await startNotice(client, taskQueue, address, notice);
      }),
  };
}
