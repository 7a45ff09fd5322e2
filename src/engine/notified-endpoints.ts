import type { JobEndpoint } from '../../schemas/types';
import type { Config } from '../config/config';
import { endpointFor } from '../config/endpoint-for';
import type { Subscription } from '../domain/subscription';
import { shownUrl } from './links';

/** Who is notified of a job, and what an operator should know of that. */
export interface NotifiedEndpoints {
  readonly endpoints: readonly JobEndpoint[];
  readonly warnings: readonly string[];
}

/** By the configuration of this moment, which is what the next attempt goes by, too. */
export function notifiedEndpoints(config: Config, subscriptions: readonly Subscription[]): NotifiedEndpoints {
  const shown = subscriptions.map((subscription) => showEndpoint(config, subscription));
  return {
    endpoints: shown.map(({ endpoint }) => endpoint),
    warnings: shown.flatMap(({ warning }) => warning ?? []),
  };
}

function showEndpoint(config: Config, subscription: Subscription): { endpoint: JobEndpoint; warning?: string } {
  const { endpoint: name, inline, format } = subscription;
  const events = [...subscription.events];
  const endpoint = endpointFor(config, subscription);
  if (!endpoint) {
    return {
      endpoint: { name, type: 'unknown', format, events },
      warning: `endpoint ${name} is not in the configuration: its deliveries wait until it is`,
    };
  }
  const url = shownUrl(endpoint);
  return {
    endpoint: { name, type: endpoint.type, url, format, events },
    ...(inline &&
      !inline.secret && {
        warning: `the inline endpoint ${url} is notified without a signature: name a secret of the configuration in its "secret"`,
      }),
  };
}
