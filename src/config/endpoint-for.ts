import type { Subscription } from '../domain/subscription';
import { toFormat } from '../formats/vocabulary';
import type { Config, EndpointConfig } from './config';
import { ENDPOINT_DEFAULTS } from './defaults';

/**
 * Where and how to reach a subscription's endpoint, by the configuration of this moment.
 * Undefined for a name that is not (or no longer) configured.
 */
export function endpointFor(
  config: Config,
  { endpoint, inline, events, format }: Subscription,
): EndpointConfig | undefined {
  if (!inline) return config.endpoints.find(({ name }) => name === endpoint);
  return {
    ...ENDPOINT_DEFAULTS,
    name: endpoint,
    url: inline.url,
    secret: inline.secret ?? '',
    events,
    format: toFormat(format),
  };
}
