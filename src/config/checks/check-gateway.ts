import type { Config } from '../config';
import type { Fault } from '../fault';
import { isLoopback } from './is-loopback';

/** Whoever reaches the gateway may have jobs told anywhere: off loopback that takes a token. */
export function checkGateway({ host, tokens }: Config['gateway']): readonly Fault[] {
  if (tokens.length > 0 || isLoopback(host)) return [];
  const text = `is required, because the gateway listens on ${host}, which is not loopback; give at least one {name, token}`;
  return [{ pointer: '/gateway/tokens', text }];
}
