import type { NetworkConfig, WebhookEndpoint } from '../../../config/config';
import { INLINE_ENDPOINT } from '../../../domain/subscription';

type InlineEndpoints = 'all' | 'public' | 'off';

/** A rule is compiled once as long as it stays the same object. */
const merged = new WeakMap<NetworkConfig, WeakMap<object, NetworkConfig>>();
const withoutAllow = new WeakMap<NetworkConfig, NetworkConfig>();

/** Where a webhook may go: what is allowed to all, and to a configured endpoint what is allowed to it alone; `deny` wins. */
export function networkFor(
  { name, network: own }: Pick<WebhookEndpoint, 'name' | 'network'>,
  network: NetworkConfig,
  inlineEndpoints?: InlineEndpoints,
): NetworkConfig {
  if (INLINE_ENDPOINT.test(name)) return inlineNetwork(network, inlineEndpoints);
  if (!own || own.allow.length === 0) return network;
  const rules = merged.get(network) ?? new WeakMap<object, NetworkConfig>();
  const rule = rules.get(own) ?? { allow: [...network.allow, ...own.allow], deny: network.deny };
  merged.set(network, rules.set(own, rule));
  return rule;
}

/**
 * Where an endpoint may be that a submission brings along: whoever may submit is not thereby allowed into the private network.
 * One that was accepted before they were switched off keeps to public addresses.
 */
export function inlineNetwork(network: NetworkConfig, inlineEndpoints: InlineEndpoints = 'public'): NetworkConfig {
  if (inlineEndpoints === 'all') return network;
  const rule = withoutAllow.get(network) ?? { allow: [], deny: network.deny };
  withoutAllow.set(network, rule);
  return rule;
}
