import type { Client } from '@temporalio/client';
import type { Config, EndpointConfig } from '../config/config';
import { endpointFor } from '../config/endpoint-for';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import { JobHeraldError } from '../domain/jobherald-error';
import { INLINE_ENDPOINT, type Subscription } from '../domain/subscription';
import { readRunInput } from './read-run-input';

export interface FoundEndpoint {
  readonly endpoint: EndpointConfig;
  /** How a delivery names it: an inline endpoint brings its URL along. */
  readonly address: Pick<Subscription, 'endpoint' | 'inline'>;
}

/**
 * An endpoint by its name: a configured one; or an inline one, which no configuration knows, as the latest job that
 * brought it along gave it. Whoever can be paused has to be found, or nobody could resume it.
 * @throws {JobHeraldError} `not_found`
 */
export async function findEndpoint(client: Client, config: Config, name: string): Promise<FoundEndpoint> {
  if (INLINE_ENDPOINT.test(name)) return findInline(client, config, name);
  const endpoint = config.endpoints.find((candidate) => candidate.name === name);
  if (endpoint) return { endpoint, address: { endpoint: name } };
  throw new JobHeraldError('not_found', `endpoint ${name} is not configured`);
}

async function findInline(client: Client, config: Config, name: string): Promise<FoundEndpoint> {
  const query = `WorkflowType = '${WORKFLOW_TYPE}' AND JobEndpoint = '${name}'`;
  for await (const run of client.workflow.list({ query, pageSize: 1 })) {
    const { subscriptions } = await readRunInput(client, run);
    const subscription = subscriptions.find(({ endpoint }) => endpoint === name);
    const endpoint = subscription && endpointFor(config, subscription);
    if (endpoint)
      return { endpoint, address: { endpoint: name, ...(subscription.inline && { inline: subscription.inline }) } };
  }
  throw new JobHeraldError('not_found', `no job, open or retained by Temporal, tells an endpoint ${name}`);
}
