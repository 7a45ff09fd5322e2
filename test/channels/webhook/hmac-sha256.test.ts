import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { hmacSha256 } from '../../../src/channels/webhook/hmac-sha256';

test('makes what node:crypto makes, of keys and texts of every length', () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 200 });
  const body = fc.uint8Array({ maxLength: 10_000 });
  fc.assert(
    fc.property(key, fc.string({ unit: 'binary' }), body, (key, prefix, body) => {
      const expected = createHmac('sha256', key).update(prefix).update(body).digest('base64');
      expect(hmacSha256(key)(prefix, body)).toBe(expected);
    }),
  );
});

// RFC 4231, test cases 2 and 6: a short key, and one that is longer than a block.
test.each([
  ['Jefe', 'what do ya want ', 'for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [
    '\xaa'.repeat(131),
    'Test Using Larger Than Block-Size Key - ',
    'Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
])('makes the digests of RFC 4231', (key, prefix, body, hex) => {
  const made = hmacSha256(Buffer.from(key, 'latin1'))(prefix, Buffer.from(body));
  expect(Buffer.from(made, 'base64').toString('hex')).toBe(hex);
});
