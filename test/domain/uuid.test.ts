import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { uuidV5 } from '../../src/domain/uuid';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const URL_NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** RFC 9562 section 5.5, written a second time over node:crypto. */
function reference(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

describe('uuidV5', () => {
  it('gives the example of RFC 9562, appendix A.4', () => {
    expect(uuidV5(DNS, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('takes a namespace in upper case for the same', () => {
    expect(uuidV5(DNS.toUpperCase(), 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('agrees with a second implementation on any namespace and name', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string({ unit: 'grapheme', maxLength: 200 }), (namespace, name) => {
        expect(uuidV5(namespace, name)).toBe(reference(namespace, name));
      }),
    );
  });

  it('makes the published namespace of jobherald from the URL namespace', () => {
    expect(uuidV5(URL_NAMESPACE, 'https://jobherald.dev')).toBe('28de626e-1ac5-5709-910d-a79b180c5eb7');
  });
});
