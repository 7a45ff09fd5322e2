import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { Agent, request } from 'undici';
import { JobHeraldError } from '../../domain/jobherald-error';
import { bearerCredentials } from '../../validation/bearer-credentials';
import type { IngressRequest } from '../ingress';
import type { VertexAiConfig } from './config';

type PushConfig = VertexAiConfig['pubsub']['push'];

/** Sets `WWW-Authenticate`. */
type Challenge = (value: string) => void;

/** Source: https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions */
const GOOGLE_JWKS_URI = 'https://www.googleapis.com/oauth2/v3/certs';
const GOOGLE_ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];

const JWKS_TIMEOUT_MS = 5_000;
/** Google's are 2 KiB; Node's own fetch would read whatever comes. */
const MAX_JWKS_BYTES = 1024 * 1024;
/** How long keys that could not be fetched are not asked for again. */
const JWKS_FAILED_MS = 1_000;

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

  const keys = remoteKeys(config.jwksUri);
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
    const claims = await verifiedClaims(token, keys, config.audience, challenge);
    if (claims['email_verified'] !== true || !isListed(claims['email'], config.serviceAccounts)) {
      throw new JobHeraldError('forbidden', 'The token is of an account that is none of service_accounts.');
    }
  };
}

/** Google's keys: cached, fetched again for an unknown key ID, at most every 30 s (the defaults of jose). */
function remoteKeys(jwksUri: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(jwksUri === '' ? GOOGLE_JWKS_URI : jwksUri), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    [customFetch]: notAfterFailure(),
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      throw new JobHeraldError('unavailable', 'The keys that verify the token are unavailable; send it again.', {
        cause,
      });
    }
  };
}

/**
 * Fetches, and fails without asking again for a moment after it has failed: anybody can send a token whose key has to be
 * fetched. Keys that are cached are used meanwhile.
 */
function notAfterFailure(): FetchImplementation {
  const dispatcher = new Agent({ maxResponseSize: MAX_JWKS_BYTES, connections: 1 });
  let failure: { readonly cause: unknown; readonly until: number } | undefined;
  return async (url, options) => {
    if (failure && performance.now() < failure.until) {
      throw new Error('the keys could not be fetched a moment ago', { cause: failure.cause });
    }
    try {
      const { signal, headers } = options;
      const answer = await request(url, { signal, headers: Object.fromEntries(headers), dispatcher });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
      failure = undefined;
      return new Response(text);
    } catch (cause) {
      failure = { cause, until: performance.now() + JWKS_FAILED_MS };
      throw cause;
    }
  };
}

async function verifiedClaims(
  token: string,
  keys: JWTVerifyGetKey,
  audience: string,
  challenge: Challenge,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: GOOGLE_ISSUERS,
      audience,
      requiredClaims: ['exp'],
    });
    return payload;
  } catch (cause) {
    if (cause instanceof JobHeraldError) throw cause;
    challenge('Bearer realm="jobherald", error="invalid_token"');
    throw new JobHeraldError('unauthorized', `The OIDC token is invalid: ${faultOf(cause)}.`, { cause });
  }
}

function faultOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return 'it has expired';
  if (cause instanceof errors.JWTClaimValidationFailed) return `its ${cause.claim} is not the one expected`;
  if (cause instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not match';
  if (cause instanceof errors.JWKSNoMatchingKey) return 'it is signed with an unknown key';
  return 'it is no signed JWT with RS256';
}

function isListed(email: unknown, serviceAccounts: readonly string[]): boolean {
  return typeof email === 'string' && serviceAccounts.some((account) => account.toLowerCase() === email.toLowerCase());
}
