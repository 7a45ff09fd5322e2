import { parseSecretKey, SecretKeyError } from '../../src/domain/secret-key';

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, index) => 255 - index);
const base64 = (count: number) => Buffer.from(bytes(count)).toString('base64');

describe('parseSecretKey', () => {
  it.each([16, 24, 32, 64])('reads a whsec_ key of %d bytes', (count) => {
    expect(parseSecretKey(`whsec_${base64(count)}`)).toEqual({ kind: 'whsec', bytes: bytes(count) });
  });

  it('reads a whsec_ key without its padding', () => {
    expect(parseSecretKey(`whsec_${base64(25).replaceAll('=', '')}`)).toEqual({ kind: 'whsec', bytes: bytes(25) });
  });

  it.each([32, 64])('takes the first 32 of %d bytes of a whsk_ key as the ed25519 seed', (count) => {
    expect(parseSecretKey(`whsk_${base64(count)}`)).toEqual({ kind: 'whsk', seed: bytes(32) });
  });

  it.each([
    ['no prefix', base64(32), 'must begin with whsec_'],
    ['nothing', '', 'must begin with whsec_'],
    ['a public key', `whpk_${base64(32)}`, 'signing needs the private key'],
    ['a prefix alone', 'whsec_', 'is not base64'],
    ['a whsec_ key of 15 bytes', `whsec_${base64(15)}`, 'decodes to 15 bytes'],
    ['a whsec_ key of 65 bytes', `whsec_${base64(65)}`, 'decodes to 65 bytes'],
    ['a whsk_ key of 33 bytes', `whsk_${base64(33)}`, 'decodes to 33 bytes'],
    ['base64url', `whsec_${Buffer.from(bytes(24)).toString('base64url')}`, 'use standard base64'],
    ['a line break', `whsec_${base64(32)}\n`, 'is not base64'],
    ['a cut-off key', `whsec_${base64(24)}A`, 'its length is wrong'],
  ])('refuses %s', (_, key, text) => {
    expect(() => parseSecretKey(key)).toThrow(SecretKeyError);
    expect(() => parseSecretKey(key)).toThrow(text);
  });

  it('never quotes the key', () => {
    for (const key of ['hunter2hunter2', 'whsec_hunter2', 'whsk_hunter2AAAA', 'whsec_hunter2!', 'whpk_hunter2']) {
      expect(() => parseSecretKey(key)).not.toThrow('hunter2');
      expect(() => parseSecretKey(key)).toThrow(SecretKeyError);
    }
  });
});
