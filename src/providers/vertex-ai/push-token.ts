import { JobHeraldError } from '../../domain/jobherald-error';
import { bearerCredentials } from '../../validation/bearer-credentials';
import type { IngressRequest } from '../ingress';
import type { VertexAiConfig } from './config';
import type { Challenge, TokenVerifier } from './oidc-token';

type PushConfig = VertexAiConfig['pubsub']['push'];

/**
 * Lets a push through that carries an OIDC token of one of the configured service accounts. Without settings it
 * lets nothing through, except where `development` says that the gateway is on loopback without tokens.
 * @throws {JobHeraldError} `unauthorized` for an invalid token (signature, issuer, audience, expiry),
 *   `forbidden` for a valid one of another account, `unavailable` while the keys are unavailable
 */
export function requirePushToken(config: PushConfig, development: boolean) {
  if (config.audience === '' && config.serviceAccounts.length === 0 && development)
    return async (): Promise<void> => {};

  // One without the other is a fault of the configuration. It must not come to mean "any audience" here.
  const configured = config.audience !== '' && config.serviceAccounts.length > 0;

  let verify: TokenVerifier | undefined;
  return async ({ headers }: Pick<IngressRequest, 'headers'>, challenge: Challenge): Promise<void> => {
    const token = bearerCredentials(headers.authorization);
    if (!configured || token === undefined) {
      challenge('Bearer realm="jobherald"');
      throw new JobHeraldError(
        'unauthorized',
        configured
          ? 'Enable authentication on the push subscription: no OIDC token came.'
          : 'Configure providers.vertex-ai.pubsub.push (audience and service_accounts) to receive pushes.',
      );
    }
    // Loaded when a token comes: a gateway that receives none starts without.
    verify ??= (require('./oidc-token') as typeof import('./oidc-token')).createTokenVerifier(config);
    const claims = await verify(token, challenge);
    if (claims['email_verified'] !== true || !isListed(claims['email'], config.serviceAccounts)) {
      throw new JobHeraldError('forbidden', 'The token is of an account that is none of service_accounts.');
    }
  };
}

function isListed(email: unknown, serviceAccounts: readonly string[]): boolean {
  return typeof email === 'string' && serviceAccounts.some((account) => account.toLowerCase() === email.toLowerCase());
}
