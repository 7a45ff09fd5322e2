import { randomUUID } from 'node:crypto';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { EndpointView } from '../../schemas/types';
import type { Config, EndpointConfig } from '../config/config';
import { endpointFor } from '../config/endpoint-for';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import { JobHeraldError } from '../domain/jobherald-error';
import { NOTICE_WORKFLOW_TYPE } from '../domain/notice';
import { INLINE_ENDPOINT, type Subscription } from '../domain/subscription';
import { createEndpointPauses } from './endpoint-pauses';
import { shownUrl } from './links';
import { startNotice } from './notices';
import { runDeliveries } from './run-deliveries';
import { readRunInput } from './run-history';

/** What can be done with endpoints, configured ones and inline ones. Methods throw {@link JobHeraldError}. */
export interface Endpoints {
  get(name: string): Promise<EndpointView>;
  /** Holds its deliveries back; they stay pending, and their windows stand still. */
  pause(name: string): Promise<EndpointView>;
  /** Resumes them: each is attempted within a minute, the oldest first. */
  resume(name: string): Promise<EndpointView>;
  /** Sends it one signed event `endpoint.test`. */
  test(name: string): Promise<void>;
}

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
  const find = (name: string) => findEndpoint(client, config, name);

  return {
    get: async (name) => view((await find(name)).endpoint),

    async pause(name) {
      const { endpoint } = await find(name);
      await pauses.pause({ endpoint: name, reason: 'an operator paused it' });
      return view(endpoint);
    },

    async resume(name) {
      const { endpoint } = await find(name);
      await pauses.resume(name);
      return view(endpoint);
    },

    async test(name) {
      const { address } = await find(name);
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
  /** How a delivery names it: an inline endpoint brings its URL along. */
  readonly address: Pick<Subscription, 'endpoint' | 'inline'>;
}

/**
 * An endpoint by its name: a configured one; or an inline one, which no configuration knows, as the latest job that
 * brought it along gave it. What can be paused has to be found, or nobody could resume it.
 * @throws {JobHeraldError} `not_found`
 */
async function findEndpoint(client: Client, config: Config, name: string): Promise<FoundEndpoint> {
  if (INLINE_ENDPOINT.test(name)) return findInline(client, config, name);
  const endpoint = config.endpoints.find((candidate) => candidate.name === name);
  if (endpoint) return { endpoint, address: { endpoint: name } };
  throw new JobHeraldError('not_found', `endpoint ${name} is not configured`);
}

async function subscriptionsOf(
  client: Client,
  run: Pick<WorkflowExecutionInfo, 'type' | 'workflowId' | 'runId'>,
): Promise<readonly Subscription[]> {
  if (run.type === WORKFLOW_TYPE) return (await readRunInput(client, run)).subscriptions;
  const recorded = await runDeliveries(client, run.workflowId, run.runId);
  return recorded.map(({ request }) => request.subscription);
}

async function findInline(client: Client, config: Config, name: string): Promise<FoundEndpoint> {
  const query = `WorkflowType IN ('${WORKFLOW_TYPE}', '${NOTICE_WORKFLOW_TYPE}') AND JobEndpoint = '${name}'`;
  for await (const run of client.workflow.list({ query, pageSize: 1 })) {
    const subscriptions = await subscriptionsOf(client, run);
    const subscription = subscriptions.find(({ endpoint }) => endpoint === name);
    const endpoint = subscription && endpointFor(config, subscription);
    if (endpoint)
      return { endpoint, address: { endpoint: name, ...(subscription.inline && { inline: subscription.inline }) } };
  }
  throw new JobHeraldError('not_found', `no job, open or retained by Temporal, notifies an endpoint ${name}`);
}
