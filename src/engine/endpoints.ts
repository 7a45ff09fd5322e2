import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { EndpointView } from '../../schemas/types';
import type { Config, EndpointConfig } from '../config/config';
import { endpointFor } from '../config/endpoint-for';
import { BELIEVED_ACTIVE_FOR_MS } from '../domain/endpoint-pause';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import { JobHeraldError } from '../domain/jobherald-error';
import { NOTICE_WORKFLOW_TYPE } from '../domain/notice';
import { INLINE } from '../domain/search-attributes';
import { INLINE_ENDPOINT, type Subscription } from '../domain/subscription';
import type { Endpoints } from './api';
import { createEndpointPauses, type EndpointPauses } from './endpoint-pauses';
import { shownUrl } from './links';
import { startNotice } from './notices';
import { subscriptionsOf } from './subscriptions-of';

/** {@link Endpoints} straight to Temporal, whose own errors come as they are. */
export function createEndpoints(client: Client, config: Config): Endpoints {
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
  const find = (name: string) => findEndpoint(client, config, pauses, name);

  return {
    list: async () => ({ endpoints: await Promise.all(config.endpoints.map(view)) }),

    get: async (name) => view((await find(name)).endpoint),

    async pause(name) {
      const { endpoint, subscription } = await find(name);
      const reason = 'an operator paused it';
      const { pausedNow } = await pauses.pause({ endpoint: name, reason, ...(subscription && { subscription }) });
      // Whoever has the answer may count on it: no attempt begins after it.
      if (pausedNow) await sleep(BELIEVED_ACTIVE_FOR_MS);
      return view(endpoint);
    },

    async resume(name) {
      const { endpoint } = await find(name);
      await pauses.resume(name);
      return view(endpoint);
    },

    async test(name) {
      const { subscription } = await find(name);
      const address = { endpoint: name, ...(subscription?.inline && { inline: subscription.inline }) };
      const timestamp = new Date().toISOString();
      await startNotice(client, taskQueue, address, {
        type: 'endpoint.test',
        timestamp,
        distinguishers: [name, randomUUID()],
        data: { endpoint: name },
      });
    },
  };
}

interface FoundEndpoint {
  readonly endpoint: EndpointConfig;
  /** Of an inline endpoint, as a job knows it. */
  readonly subscription?: Subscription;
}

/**
 * An endpoint by its name: a configured one; or an inline one, which no configuration knows, as the latest job that
 * brought it along gave it. What can be paused has to be found, or nobody could resume it.
 * @throws {JobHeraldError} `not_found`
 */
async function findEndpoint(
  client: Client,
  config: Config,
  pauses: Pick<EndpointPauses, 'subscriptionOf'>,
  name: string,
): Promise<FoundEndpoint> {
  if (INLINE_ENDPOINT.test(name)) return findInline(client, config, pauses, name);
  const endpoint = config.endpoints.find((candidate) => candidate.name === name);
  if (endpoint) return { endpoint };
  throw new JobHeraldError('not_found', `endpoint ${name} is not configured`);
}

/** So many of the latest jobs that brought endpoints along are looked at. */
const MAX_LOOKED_AT = 500;

async function findInline(
  client: Client,
  config: Config,
  pauses: Pick<EndpointPauses, 'subscriptionOf'>,
  name: string,
): Promise<FoundEndpoint> {
  const subscription = (await pauses.subscriptionOf(name)) ?? (await subscriptionInRuns(client, name));
  const endpoint = subscription && endpointFor(config, subscription);
  if (endpoint) return { endpoint, subscription };
  const where = `none of the last ${MAX_LOOKED_AT} jobs with inline endpoints`;
  throw new JobHeraldError('not_found', `no job, open or retained by Temporal, notifies an endpoint ${name}: ${where}`);
}

/** Visibility does not distinguish inline endpoints. */
async function subscriptionInRuns(client: Client, name: string): Promise<Subscription | undefined> {
  const query = `WorkflowType IN ('${WORKFLOW_TYPE}', '${NOTICE_WORKFLOW_TYPE}') AND JobEndpoint = '${INLINE}'`;
  let looked = 0;
  for await (const run of client.workflow.list({ query, pageSize: 20 })) {
    const subscriptions = await subscriptionsOf(client, run);
    const found = subscriptions.find(({ endpoint }) => endpoint === name);
    if (found) return found;
    if (++looked >= MAX_LOOKED_AT) return undefined;
  }
  return undefined;
}
