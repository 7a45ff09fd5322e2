import type { Config } from '../config';
import { type Fault, pointerTo } from '../fault';
import { checkReference } from './check-reference';
import { isLoopback } from './is-loopback';
import { when } from './when';

/** @param endpointNames of the configured endpoints */
export function checkGateway(gateway: Config['gateway'], endpointNames: readonly string[]): readonly Fault[] {
  const { tokens, rateLimit } = gateway;
  return [
    ...checkPresence(gateway),
    ...tokens.flatMap(({ endpoints = [] }, index) =>
      endpoints.flatMap((name, n) =>
        checkReference(pointerTo('gateway', 'tokens', index, 'endpoints', n), name, endpointNames, 'endpoint'),
      ),
    ),
    ...when(rateLimit?.perMs === 0, { pointer: '/gateway/rate_limit/per', text: 'must be more than 0' }),
  ];
}

/** Whoever reaches the gateway may have webhooks sent anywhere: off loopback that takes a token. */
function checkPresence({ host, tokens }: Config['gateway']): readonly Fault[] {
  if (tokens.length > 0 || isLoopback(host)) return [];
  const text = `is required, because the gateway listens on ${host}, which is not loopback; give at least one {name, token}`;
  return [{ pointer: '/gateway/tokens', text }];
}
