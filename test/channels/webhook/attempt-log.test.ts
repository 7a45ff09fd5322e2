import fc from 'fast-check';
import { makeExcerpt } from '../../../src/channels/webhook/attempt-log';

test('keeps a short text as it is', () => {
  expect(makeExcerpt(Buffer.from('{"error":"größer als erlaubt"}'))).toBe('{"error":"größer als erlaubt"}');
});

test('cuts between characters, never inside one', () => {
  expect(makeExcerpt(Buffer.from('🚀'.repeat(100)))).toBe('🚀'.repeat(64));
  expect(makeExcerpt(Buffer.from(`a${'🚀'.repeat(100)}`))).toBe(`a${'🚀'.repeat(63)}`);
});

test('leaves away a character that the reading cut off', () => {
  expect(makeExcerpt(Buffer.from('abc🚀').subarray(0, 5))).toBe('abc');
});

test('turns line breaks, escape sequences and direction marks into spaces', () => {
  expect(makeExcerpt(Buffer.from('a\r\nb\u001b[31mc\u0000d\u202ee\u2028f'))).toBe('a b [31mc d e f');
});

test('makes at most 256 printable bytes of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      const excerpt = makeExcerpt(bytes);
      expect(Buffer.byteLength(excerpt)).toBeLessThanOrEqual(256);
      expect(excerpt).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(Buffer.from(excerpt).toString()).toBe(excerpt);
    }),
  );
});
