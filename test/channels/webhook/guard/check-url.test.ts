import fc from 'fast-check';
import { checkUrl } from '../../../../src/channels/webhook/guard/check-url';
import { classifyAddress } from '../../../../src/channels/webhook/guard/classify-address';
import { type IpAddress, parseIp } from '../../../../src/channels/webhook/guard/ip-address';
import vectors from '../../../vectors/guard.json';

interface UrlVector {
  readonly url: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly reason?: string;
}
const urls: readonly UrlVector[] = vectors.urls;
const PUBLIC_ONLY = { allow: [], deny: [] };

const check = ({ url, allow = [], deny = [] }: UrlVector) => checkUrl(url, { allow, deny });

test.each(urls.filter(({ reason }) => reason === undefined))('passes $url allowing $allow', (vector) => {
  expect(check(vector)).toEqual({ ok: true, url: new URL(vector.url) });
});

test.each(urls.filter(({ reason }) => reason !== undefined))('refuses $url allowing $allow: $reason', (vector) => {
  expect(check(vector)).toEqual({ ok: false, reason: expect.stringContaining(vector.reason as string) });
});

/** Spellings of one IPv4 address that a URL may hold. */
const SPELLINGS: readonly ((bytes: readonly number[]) => string)[] = [
  (bytes) => bytes.join('.'),
  (bytes) => bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
  (bytes) => bytes.map((byte) => `0x${byte.toString(16)}`).join('.'),
  (bytes) => String(bytes.reduce((value, byte) => value * 256 + byte, 0)),
  (bytes) => `0x${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`,
  ([a = 0, b = 0, c = 0, d = 0]) => `${a}.${b}.${c * 256 + d}`,
  ([a = 0, b = 0, c = 0, d = 0]) => `${a}.${(b * 256 + c) * 256 + d}`,
  (bytes) => `[::ffff:${bytes.join('.')}]`,
  (bytes) => `[64:ff9b::${bytes.join('.')}]`,
];

test('passes an IP address in every spelling exactly where it is public', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const address = fc.oneof(
    fc.tuple(byte, byte, byte, byte),
    fc.tuple(fc.constantFrom(0, 10, 127, 224, 255), byte, byte, byte),
    fc.constant([169, 254, 169, 254]),
  );
  fc.assert(
    fc.property(address, fc.constantFrom(...SPELLINGS), (bytes, spell) => {
      const expected = classifyAddress(parseIp(bytes.join('.')) as IpAddress).public;
      expect(checkUrl(`https://${spell(bytes)}/hooks`, PUBLIC_ONLY).ok).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

test('never throws and never repeats a credential', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
      expect(typeof checkUrl(text, PUBLIC_ONLY).ok).toBe('boolean');
    }),
  );
  const check = checkUrl('https://user:hunter2@orders.example.com/', PUBLIC_ONLY);
  expect(JSON.stringify(check)).not.toContain('hunter2');
});

test('a network rule that is not a CIDR is an error, not a gap', () => {
  expect(() => checkUrl('https://10.0.0.1/', { allow: ['10.0.0.0/99'], deny: [] })).toThrow(
    /"10.0.0.0\/99" is not a CIDR/,
  );
});
