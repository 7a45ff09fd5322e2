import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sha1 } from '../../src/domain/sha1';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('sha1', () => {
  // NIST, "SHA-1 example values" to FIPS 180-4, and RFC 3174 section 7.3.
  it.each([
    ['the empty message', '', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['one block', 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    [
      'two blocks',
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
    ],
    ['a million letters', 'a'.repeat(1_000_000), '34aa973cd4c4daa4f61eeb2bdbad27316534016f'],
    [
      'ten blocks of digits',
      '0123456701234567012345670123456701234567012345670123456701234567'.repeat(10),
      'dea356a2cddd90c7a7ecedc5ebb563934f460452',
    ],
  ])('gives the published digest of %s', (_, message, digest) => {
    expect(hex(sha1(Buffer.from(message)))).toBe(digest);
  });

  it.each([54, 55, 56, 57, 63, 64, 65, 119, 120, 128])('pads a message of %d bytes as node:crypto does', (length) => {
    const message = Buffer.alloc(length, 0xa5);
    expect(hex(sha1(message))).toBe(createHash('sha1').update(message).digest('hex'));
  });

  it('agrees with node:crypto on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        expect(hex(sha1(message))).toBe(createHash('sha1').update(message).digest('hex'));
      }),
    );
  });

  it('leaves its message as it was', () => {
    const message = Buffer.from('abc');
    sha1(message);
    expect(message.toString()).toBe('abc');
  });
});
