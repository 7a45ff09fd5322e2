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

/** Sets `WWW-Authenticate`. */
export type Challenge = (value: string) => void;

/**
 * The claims of a valid OIDC token of Google's.
 * @throws {JobHeraldError} `unauthorized` for an invalid token (signature, issuer, audience, expiry), `unavailable` while
 *   the keys are unavailable
 */
export type TokenVerifier = (token: string, challenge: Challenge) => Promise<JWTPayload>;

/** Source: https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions */
const GOOGLE_JWKS_URI = 'https://www.googleapis.com/oauth2/v3/certs';
const GOOGLE_ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];

const JWKS_TIMEOUT_MS = 5_000;
/** Google's are 2 KiB; Node's own fetch would read whatever comes. */
const MAX_JWKS_BYTES = 1024 * 1024;
/** How long keys that could not be fetched are not asked for again. */
const JWKS_FAILED_MS = 1_000;

/** @param config `jwksUri`: where the keys are. Default, if empty: Google's. */
export function createTokenVerifier(config: { readonly jwksUri: string; readonly audience: string }): TokenVerifier {
  const keys = remoteKeys(config.jwksUri);
  return (token, challenge) => verifiedClaims(token, keys, config.audience, challenge);
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
