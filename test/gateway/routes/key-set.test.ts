import { createPublicKey, verify } from 'node:crypto';
import { sign, signingKey } from '../../../src/channels/webhook/sign';
import type { KeySet } from '../../../src/gateway/key-set';
import { verifyWebhook } from '../../../src/receiver';
import vectors from '../../vectors/signature.json';
import { closeGateways, type RunningGateway, type Setup, startGateway } from '../harness';

const PATH = '/.well-known/jobherald-keys.json';
const SYMMETRIC = vectors.signatures[0]?.keys[0] ?? '';
const [WHSK = '', WHPK = ''] = vectors.signatures[2]?.verify_with ?? [];
const WHSK_WITH_PUBLIC_HALF = vectors.signatures[3]?.keys[0] ?? '';
const OTHER = `whsk_${Buffer.alloc(32, 9).toString('base64')}`;

afterEach(closeGateways);

async function keysOf(gateway: RunningGateway): Promise<KeySet['keys']> {
  return ((await (await gateway.fetch(PATH)).json()) as KeySet).keys;
}
const published = async (secrets: Setup['secrets']) => keysOf(await startGateway({ secrets }));

test('publishes the public half of a whsk_ key, as a JSON Web Key and as Standard Webhooks writes it', async () => {
  expect(await published({ orders: [WHSK] })).toEqual([
    {
      secret: 'orders',
      // Computed with Python: SHA-256 of {"crv":"Ed25519","kty":"OKP","x":…}.
      kid: 'gt7KuS_toW5HiJc03DRQhVeJQsoXxTa7kC297lgXy5Y',
      kty: 'OKP',
      crv: 'Ed25519',
      x: 'uqv2t3AylRU-FHUeD9zDTNO_NSoedamnH9XBgDWjylo',
      use: 'sig',
      alg: 'EdDSA',
      standard_webhooks: WHPK,
    },
  ]);
});

test('lists every whsk_ key of every secret, and no whsec_ key', async () => {
  const keys = await published({ orders: [SYMMETRIC, WHSK, OTHER], audit: [OTHER], plain: [SYMMETRIC] });
  expect(keys.map(({ secret }) => secret)).toEqual(['orders', 'orders', 'audit']);
  expect(keys[1]?.kid).toBe(keys[2]?.kid);
});

test('lists a key once, whichever way it is written', async () => {
  expect(await published({ orders: [WHSK, WHSK_WITH_PUBLIC_HALF] })).toHaveLength(1);
});

test('is empty without whsk_ keys', async () => {
  expect(await published({ orders: [SYMMETRIC] })).toEqual([]);
});

test('never shows a private part', async () => {
  const gateway = await startGateway({ secrets: { orders: [SYMMETRIC, WHSK_WITH_PUBLIC_HALF, OTHER] } });
  const text = await (await gateway.fetch(PATH)).text();
  for (const secret of [SYMMETRIC, WHSK, OTHER]) {
    const bytes = Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64');
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      expect(text).not.toContain(bytes.toString(encoding).replace(/=+$/, ''));
    }
  }
  expect(text).not.toMatch(/whs(ec|k)_/);
  expect(text).not.toContain('"d"');
});

test('needs no token, and may be kept for five minutes', async () => {
  const gateway = await startGateway({ tokens: [{ name: 'ci', token: 'a-token' }], secrets: { orders: [WHSK] } });
  const response = await gateway.fetch(PATH);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/jwk-set\+json/);
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
});

describe('a webhook signed with the secret', () => {
  const body = Buffer.from('{"type":"job.succeeded","message":"fertig – 🚀"}');
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'webhook-id': 'a',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign('a', timestamp, body, [WHSK, OTHER].map(signingKey)),
  };

  it('is verified with the published keys, each by itself', async () => {
    const keys = await published({ orders: [WHSK, OTHER] });
    expect(keys).toHaveLength(2);
    for (const { standard_webhooks } of keys) {
      expect(verifyWebhook({ headers, body, secrets: [standard_webhooks] }).id).toBe('a');
    }
  });

  it('is verified with the JSON Web Key, without knowing whpk_', async () => {
    const [jwk] = await published({ orders: [WHSK] });
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    const signature = Buffer.from(headers['webhook-signature'].split(' ')[0]?.slice('v1a,'.length) ?? '', 'base64');
    expect(verify(null, Buffer.concat([Buffer.from(`a.${timestamp}.`), body]), key, signature)).toBe(true);
  });

  it('is refused with the published key of another secret', async () => {
    const [key] = await published({ audit: [`whsk_${Buffer.alloc(32, 8).toString('base64')}`] });
    expect(() => verifyWebhook({ headers, body, secrets: [key?.standard_webhooks ?? ''] })).toThrow(
      expect.objectContaining({ code: 'wrong_key' }),
    );
  });
});
