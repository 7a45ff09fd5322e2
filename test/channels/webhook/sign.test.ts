import { sign, signingKey } from '../../../src/channels/webhook/sign';
import vectors from '../../vectors/signature.json';
import thirdParty from '../../vectors/third-party-signature.json';

test.each(vectors.signatures)('signs with $name as OpenSSL does', ({ keys, id, timestamp, body, signature }) => {
  expect(sign(id, timestamp, Buffer.from(body), keys.map(signingKey))).toBe(signature);
});

test.each(thirdParty)('makes the signature of the $source', ({ secret, headers, body }) => {
  const timestamp = Number(headers['webhook-timestamp']);
  const signature = sign(headers['webhook-id'], timestamp, Buffer.from(body), [signingKey(secret)]);
  expect(signature).toBe(headers['webhook-signature']);
});

test('refuses a key of no known kind without quoting it', () => {
  expect(() => signingKey('hunter2hunter2hunter2')).toThrow(/whsec_/);
  expect(() => signingKey('hunter2hunter2hunter2')).not.toThrow(/hunter2/);
});
