import crypto from 'node:crypto';
import fc from 'fast-check';
import { sign, signingKey } from '../../src/channels/webhook/sign';
import { verifyWebhook, WebhookVerificationError } from '../../src/receiver';
import vectors from '../vectors/signature.json';
import thirdParty from '../vectors/third-party-signature.json';

const [first] = vectors.signatures;
if (first === undefined) throw new Error('no vectors');
const SECRET = first.verify_with[0] as string;
const HEADERS = {
  'webhook-id': first.id,
  'webhook-timestamp': String(first.timestamp),
  'webhook-signature': first.signature,
};
const BODY = first.body;
const NOW = new Date(first.timestamp * 1000);
const valid = { headers: HEADERS, body: BODY, secrets: [SECRET], now: NOW };

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.code;
    throw error;
  }
  return 'verified';
}

test.each(vectors.signatures)(
  'verifies $name with each of its keys',
  ({ verify_with, id, timestamp, body, signature }) => {
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
    for (const secret of verify_with) {
      const verified = verifyWebhook({ headers, body, secrets: [secret], now: new Date(timestamp * 1000) });
      expect(verified).toMatchObject({ id, timestamp: new Date(timestamp * 1000) });
    }
  },
);

test.each(thirdParty)('verifies the $source', ({ secret, headers, body }) => {
  const now = new Date(Number(headers['webhook-timestamp']) * 1000);
  expect(verifyWebhook({ headers, body, secrets: [secret], now }).payload).toEqual(JSON.parse(body));
});

test.each(vectors.acceptances)('takes $name', ({ secrets, now, headers, body }) => {
  expect(verifyWebhook({ headers, body, secrets, now: new Date(now * 1000) }).id).toBe(headers['webhook-id']);
});

test.each(vectors.refusals)('refuses $name as $code', ({ code, secrets, now, headers, body }) => {
  expect(codeOf(() => verifyWebhook({ headers, body, secrets, now: new Date(now * 1000) }))).toBe(code);
});

test('takes what the sender signs, whatever the body and the keys', () => {
  const keys = [SECRET, first.verify_with[0] as string, vectors.signatures[2]?.keys[0] as string];
  fc.assert(
    fc.property(fc.uint8Array(), fc.subarray(keys, { minLength: 1 }), fc.uuid(), (body, secrets, id) => {
      const signature = sign(id, first.timestamp, body, secrets.map(signingKey));
      const headers = { ...HEADERS, 'webhook-id': id, 'webhook-signature': signature };
      expect(verifyWebhook({ headers, body, secrets, now: NOW }).id).toBe(id);
    }),
  );
});

test('refuses the body with any one bit turned', () => {
  const bytes = Buffer.from(BODY);
  fc.assert(
    fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
      const body = Buffer.from(bytes);
      body[bit >> 3] = (body[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(codeOf(() => verifyWebhook({ ...valid, body }))).toBe('wrong_key');
    }),
  );
});

test('reads headers of Fetch, of Node and of plain objects in any case', () => {
  const upper = Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name.toUpperCase(), value]));
  const lists = Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name, [value]]));
  for (const headers of [new Headers(HEADERS), HEADERS, upper, lists]) {
    expect(codeOf(() => verifyWebhook({ ...valid, headers }))).toBe('verified');
  }
});

test('refuses a header that came twice', () => {
  const headers = { ...HEADERS, 'Webhook-Id': 'another' };
  expect(codeOf(() => verifyWebhook({ ...valid, headers }))).toBe('malformed_header');
});

test('takes the raw body as text, Buffer, Uint8Array or ArrayBuffer', () => {
  const bytes = new TextEncoder().encode(BODY);
  for (const body of [BODY, Buffer.from(BODY), bytes, bytes.buffer]) {
    expect(codeOf(() => verifyWebhook({ ...valid, body }))).toBe('verified');
  }
});

test('refuses a parsed body and names what to pass', () => {
  const body = JSON.parse(BODY) as string;
  expect(codeOf(() => verifyWebhook({ ...valid, body }))).toBe('body_reserialized');
  expect(() => verifyWebhook({ ...valid, body })).toThrow(/raw bytes/);
});

test('is exact about the tolerance, to both sides', () => {
  const at = (seconds: number, toleranceSeconds?: number) =>
    codeOf(() => verifyWebhook({ ...valid, toleranceSeconds, now: new Date((first.timestamp + seconds) * 1000) }));
  expect([at(300), at(300.001), at(-300), at(-300.001)]).toEqual(['verified', 'stale', 'verified', 'future']);
  expect([at(10, 10), at(11, 10), at(3600, 3600)]).toEqual(['verified', 'stale', 'verified']);
});

test('measures against the clock by default', () => {
  expect(codeOf(() => verifyWebhook({ ...valid, now: undefined }))).toMatch(/^(stale|future)$/);
});

test('takes any of several secrets and any of several signatures', () => {
  const other = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  expect(codeOf(() => verifyWebhook({ ...valid, secrets: [other, SECRET] }))).toBe('verified');
  const signature = `v2,AAAA v1,${Buffer.alloc(32).toString('base64')} ${first.signature}`;
  const headers = { ...HEADERS, 'webhook-signature': signature };
  expect(codeOf(() => verifyWebhook({ ...valid, headers }))).toBe('verified');
});

test('makes one digest for each key, however many signatures there are, and looks at ten of them', () => {
  const digests = jest.spyOn(crypto, 'createHmac');
  const wrong = (count: number) =>
    Array.from({ length: count }, (_, i) => `v1,${Buffer.alloc(32, i).toString('base64')}`);
  const withSignatures = (...signatures: string[]) => ({ ...HEADERS, 'webhook-signature': signatures.join(' ') });
  const body = Buffer.alloc(256 * 1024);
  expect(codeOf(() => verifyWebhook({ ...valid, body, headers: withSignatures(...wrong(320)) }))).toBe('wrong_key');
  expect(digests).toHaveBeenCalledTimes(1);
  const tenth = withSignatures(...wrong(9), first.signature);
  const eleventh = withSignatures(...wrong(10), first.signature);
  expect(codeOf(() => verifyWebhook({ ...valid, headers: tenth }))).toBe('verified');
  expect(codeOf(() => verifyWebhook({ ...valid, headers: eleventh }))).toBe('wrong_key');
  digests.mockRestore();
});

test('parses the payload when it is read, and not before', () => {
  const body = 'not JSON';
  const signature = sign(first.id, first.timestamp, Buffer.from(body), [signingKey(SECRET)]);
  const verified = verifyWebhook({ ...valid, body, headers: { ...HEADERS, 'webhook-signature': signature } });
  expect(verified.id).toBe(first.id);
  expect(() => verified.payload).toThrow(SyntaxError);
  const { payload } = verifyWebhook(valid);
  expect(payload).toEqual(JSON.parse(BODY));
});

test('a missing or unreadable secret is the receiver’s own error, not a refusal', () => {
  expect(() => verifyWebhook({ ...valid, secrets: [] })).toThrow(TypeError);
  expect(() => verifyWebhook({ ...valid, secrets: [undefined as unknown as string] })).toThrow(TypeError);
  for (const secret of ['hunter2', 'whpk_AAAA', 'whsec_AAAA']) {
    expect(() => verifyWebhook({ ...valid, secrets: [secret] })).toThrow(
      expect.objectContaining({ name: 'SecretKeyError' }),
    );
  }
});

test.each([{ toleranceSeconds: Number(undefined) }, { toleranceSeconds: -1 }, { now: new Date('no time') }])(
  'takes no replay because of %p, which no age exceeds',
  (parts) => {
    const replayed = { ...valid, now: new Date(NOW.getTime() + 10 ** 9) };
    expect(codeOf(() => verifyWebhook(replayed))).toBe('stale');
    expect(() => verifyWebhook({ ...replayed, ...parts })).toThrow(TypeError);
  },
);
