import { createHmac } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { closeGateways, JOB, type RunningGateway, SUBMISSION, startGateway } from '../../gateway/harness';
import { ACCOUNT, AUDIENCE, type PushIssuer, startPushIssuer } from '../../gateway/push-issuer';
import { eventually } from '../../support/eventually';

let issuer: PushIssuer;
let gateway: RunningGateway;
beforeEach(async () => {
  issuer = await startPushIssuer();
  gateway = await startGateway({
    push: { audience: AUDIENCE, serviceAccounts: [ACCOUNT], jwksUri: issuer.jwksUri },
  });
  await gateway.post('/v1/jobs', SUBMISSION);
  gateway.jobs.calls.length = 0;
});
afterEach(async () => {
  await closeGateways();
  await issuer.close();
});

const PUSH = { message: { attributes: { job: JOB }, messageId: '1' }, subscription: 'projects/p/subscriptions/s' };
const CLOUD_EVENT = {
  'ce-id': '1',
  'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
  'ce-source': '//pubsub.googleapis.com/projects/p/topics/t',
  'ce-specversion': '1.0',
};

function push(token?: string, path = '/ingress/pubsub'): Promise<Response> {
  return gateway.post(path, PUSH, { ...CLOUD_EVENT, ...(token !== undefined && { authorization: `Bearer ${token}` }) });
}

async function expectRefused(response: Response, status: number, code: string): Promise<string> {
  const body = (await response.json()) as { code: string; detail: string };
  expect({ status: response.status, code: body.code }).toEqual({ status, code });
  expect(gateway.jobs.calls).toEqual([]);
  return body.detail;
}

describe.each(['/ingress/pubsub', '/ingress/eventarc'])('%s', (path) => {
  test('takes a push of a listed service account', async () => {
    expect((await push(await issuer.token(), path)).status).toBe(204);
    expect(gateway.jobs.calls).toMatchObject([{ method: 'complete', job: JOB }]);
  });

  test('refuses a push without a token with 401', async () => {
    const response = await push(undefined, path);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    await expectRefused(response, 401, 'unauthorized');
  });

  test('refuses another account with 403', async () => {
    await expectRefused(await push(await issuer.token({ email: 'x@evil.example' }), path), 403, 'forbidden');
  });
});

const now = () => Math.floor(Date.now() / 1000);

test.each<[string, (issuer: PushIssuer) => Promise<string>, string]>([
  ['another audience', (google) => google.token({ aud: 'https://other.example.com' }), 'aud'],
  ['no audience', (google) => google.token({ aud: undefined as never }), 'aud'],
  ['another issuer', (google) => google.token({ iss: 'https://evil.example.com' }), 'iss'],
  ['a time that is over', (google) => google.token({ exp: now() - 60, iat: now() - 3660 }), 'expired'],
  ['no expiry', (google) => google.token({ exp: undefined as never }), 'exp'],
  [
    'a signature by an unpublished key',
    async (google) => google.token({}, { key: await google.otherKey('unpublished') }),
    'unknown key',
  ],
  [
    "another key under the published key's name",
    async (google) => google.token({}, { key: await google.otherKey('first') }),
    'signature',
  ],
  ['a changed payload', async (google) => changed(await google.token()), 'signature'],
  ['no signature (alg none)', async (google) => unsigned(await google.token()), 'RS256'],
  ['an HMAC in place of RS256', async (google) => hmac(await google.token()), 'RS256'],
  ['no JWT at all', async () => 'not-a-jwt', 'RS256'],
])('refuses a token with %s with 401', async (_name, token, why) => {
  const response = await push(await token(issuer));
  expect(response.headers.get('www-authenticate')).toContain('invalid_token');
  expect(await expectRefused(response, 401, 'unauthorized')).toContain(why);
});

test.each<[string, JWTPayload]>([
  ['an e-mail that is not verified', { email_verified: false }],
  ['no word on whether its e-mail is verified', { email_verified: undefined }],
  ['no e-mail', { email: undefined }],
  ['an e-mail that begins like a listed one', { email: `${ACCOUNT}.evil.example` }],
])('refuses a good token with %s with 403', async (_name, claims) => {
  await expectRefused(await push(await issuer.token(claims)), 403, 'forbidden');
});

test("takes both of Google's spellings of the issuer", async () => {
  expect((await push(await issuer.token({ iss: 'accounts.google.com' }))).status).toBe(204);
});

test('follows a rotation of the keys, half a minute after it last looked', async () => {
  expect((await push(await issuer.token())).status).toBe(204);
  const next = await issuer.otherKey('next');
  issuer.publish([issuer.firstKey.publicJwk, next.publicJwk]);
  expect((await push(await issuer.token({}, { key: next }))).status).toBe(401);

  const later = Date.now() + 31_000;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => later);
  try {
    expect((await push(await issuer.token({}, { key: next }))).status).toBe(204);
  } finally {
    clock.mockRestore();
  }
});

test('does not fetch the keys for every unknown one', async () => {
  await push(await issuer.token());
  const before = issuer.fetches;
  for (let n = 0; n < 5; n++) await push(await issuer.token({}, { key: await issuer.otherKey(`made-up-${n}`) }));
  expect(issuer.fetches).toBe(before);
});

test('answers 503 while the keys are unavailable, and takes the same push afterwards', async () => {
  const token = await issuer.token();
  issuer.publish(undefined);
  const refused = await push(token);
  expect(refused.headers.get('retry-after')).toBe('5');
  await expectRefused(refused, 503, 'unavailable');
  issuer.publish([issuer.firstKey.publicJwk]);
  await eventually('the keys are fetched again', async () => (await push(token)).status === 204);
});

test('does not fetch keys that are unavailable for every push, and verifies with those it has meanwhile', async () => {
  const token = await issuer.token();
  const unknown = await issuer.token({}, { key: await issuer.otherKey('made-up') });
  issuer.publish(undefined);
  const [before, began] = [issuer.fetches, performance.now()];
  for (let n = 0; n < 20; n++) expect((await push(n % 2 ? token : unknown)).status).toBe(503);
  expect(issuer.fetches - before).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - began) / 1_000));

  issuer.publish([issuer.firstKey.publicJwk]);
  await eventually('the keys are fetched again', async () => (await push(token)).status === 204);
  issuer.publish(undefined);
  expect([(await push(unknown)).status, (await push(token)).status]).toEqual([401, 204]);
});

test('never logs a token', async () => {
  const token = await issuer.token({ aud: 'https://other.example.com' });
  await push(token);
  issuer.publish(undefined);
  await push(await issuer.token({}, { key: await issuer.otherKey('x') }));
  expect(JSON.stringify(gateway.log)).not.toContain(token.slice(0, 40));
  expect(JSON.stringify(gateway.log)).toContain('its aud is not the one expected');
});

describe('without audience or service accounts', () => {
  test('every push is 401 where the API has tokens', async () => {
    const guarded = await startGateway({
      tokens: [{ name: 'ci', token: 'ci-token' }],
      push: { jwksUri: issuer.jwksUri },
    });
    for (const path of ['/ingress/pubsub', '/ingress/eventarc']) {
      for (const authorization of ['', 'Bearer ci-token', `Bearer ${await issuer.token()}`]) {
        const response = await guarded.post(path, PUSH, authorization === '' ? {} : { authorization });
        expect(response.status).toBe(401);
      }
    }
    expect(guarded.jobs.calls).toEqual([]);
  });

  test.each([
    ['an audience alone', { audience: AUDIENCE }],
    ['service accounts alone', { serviceAccounts: [ACCOUNT] }],
  ])('%s lets nothing through either, even on loopback', async (_name, half) => {
    const started = await startGateway({ push: { ...half, jwksUri: issuer.jwksUri } });
    for (const token of [await issuer.token(), await issuer.token({ aud: '' })]) {
      const response = await started.post('/ingress/pubsub', PUSH, { authorization: `Bearer ${token}` });
      expect(response.status).toBe(401);
    }
  });

  test('every push is taken on loopback without tokens', async () => {
    const development = await startGateway();
    await development.post('/v1/jobs', SUBMISSION);
    expect((await development.post('/ingress/pubsub', PUSH)).status).toBe(204);
    expect((await development.post('/ingress/eventarc', PUSH, CLOUD_EVENT)).status).toBe(204);
    expect(development.jobs.calls.filter(({ method }) => method === 'complete')).toHaveLength(2);
  });
});

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function changed(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [header, encoded({ ...claims, sub: 'somebody else' }), signature].join('.');
}

function unsigned(token: string): string {
  return `${encoded({ alg: 'none', kid: 'first' })}.${token.split('.')[1]}.`;
}

/** The classic confusion: signed with what everybody can read. */
function hmac(token: string): string {
  const signed = `${encoded({ alg: 'HS256', kid: 'first' })}.${token.split('.')[1]}`;
  return `${signed}.${createHmac('sha256', 'first').update(signed).digest('base64url')}`;
}
