import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export const AUDIENCE = 'https://jobherald.example.com/ingress/pubsub';
export const ACCOUNT = 'pusher@my-project.iam.gserviceaccount.com';

export interface PushIssuer {
  readonly jwksUri: string;
  /** The key that is published at first, and that signs by default. */
  readonly firstKey: SigningKey;
  /** How often the keys were fetched. */
  readonly fetches: number;
  /** Changes what the key server answers; undefined makes it answer 500. */
  publish(keys: readonly JWK[] | undefined): void;
  /** A signing key that is not published, under a name of one's own. */
  otherKey(kid: string): Promise<SigningKey>;
  /** A token as Google makes it for a push, by the first key, with claims or header members of one's own. */
  token(claims?: JWTPayload, options?: { readonly key?: SigningKey; readonly header?: object }): Promise<string>;
  close(): Promise<void>;
}

export interface SigningKey {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly privateKey: CryptoKey;
}

/** Stands in for Google: a real key server and real RS256 tokens. */
export async function startPushIssuer(): Promise<PushIssuer> {
  let published: readonly JWK[] | undefined;
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches++;
    response.statusCode = published === undefined ? 500 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: published ?? [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const first = await signingKey('first', pairs.first);
  published = [first.publicJwk];

  return {
    firstKey: first,
    jwksUri: `http://127.0.0.1:${port}/certs`,
    get fetches() {
      return fetches;
    },
    publish(keys) {
      published = keys;
    },
    otherKey: (kid) => signingKey(kid, pairs.other),
    async token(claims = {}, { key = first, header = {} } = {}) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({
        aud: AUDIENCE,
        azp: '113774264463038321964',
        email: ACCOUNT,
        email_verified: true,
        exp: now + 3600,
        iat: now,
        iss: 'https://accounts.google.com',
        sub: '113774264463038321964',
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT', ...header })
        .sign(key.privateKey);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Making an RSA key takes longer than the tests: there are two, under as many names as are wanted. */
const pairs = { first: makePair(), other: makePair() };

async function makePair() {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  return { privateKey, publicJwk: await exportJWK(publicKey) };
}

async function signingKey(kid: string, pair: ReturnType<typeof makePair>): Promise<SigningKey> {
  const { privateKey, publicJwk } = await pair;
  return { kid, privateKey, publicJwk: { ...publicJwk, kid, alg: 'RS256', use: 'sig' } };
}
