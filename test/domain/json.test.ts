import fc from 'fast-check';
import { holdsLargeInteger, readJson, valueAt } from '../../src/domain/json';

describe('a JSON pointer', () => {
  // RFC 6901, section 5.
  const DOCUMENT = {
    foo: ['bar', 'baz'],
    '': 0,
    'a/b': 1,
    'c%d': 2,
    'e^f': 3,
    'g|h': 4,
    'i\\j': 5,
    'k"l': 6,
    ' ': 7,
    'm~n': 8,
  };

  it.each([
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j finds what RFC 6901 says', (pointer, value) => {
    expect(valueAt(DOCUMENT, pointer)).toEqual(value);
  });

  it.each([
    '/foo/2',
    '/foo/-',
    '/foo/01',
    '/foo/length',
    '/nothing',
    '/foo/0/0',
    '/constructor',
    '/__proto__',
    '/foo/x',
  ])('%s finds nothing', (pointer) => {
    expect(valueAt(DOCUMENT, pointer)).toBeUndefined();
  });

  it('finds each value of any document by the path to it', () => {
    const pointerOf = (path: readonly (string | number)[]) =>
      path.map((member) => `/${String(member).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    const check = (document: unknown, value: unknown, path: readonly (string | number)[]): void => {
      expect(valueAt(document, pointerOf(path))).toBe(value);
      if (typeof value !== 'object' || value === null) return;
      for (const [member, below] of Object.entries(value)) check(document, below, [...path, member]);
    };
    fc.assert(
      fc.property(fc.json(), (json) => {
        const document: unknown = JSON.parse(json);
        check(document, document, []);
      }),
    );
  });

  it('never throws, whatever it and the document are', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (document, text) => {
        valueAt(document, `/${text}`);
      }),
    );
  });
});

describe('JSON from outside', () => {
  it.each([
    ['{"id":9007199254740993}', { id: '9007199254740993' }],
    ['[-1234567890123456789, 9007199254740991]', ['-1234567890123456789', 9007199254740991]],
    ['{"a":[{"b":12345678901234567890123456789}]}', { a: [{ b: '12345678901234567890123456789' }] }],
    ['[1e300, 1234567890123456.5, 6.02214076e23]', [1e300, 1234567890123456.5, 6.02214076e23]],
    ['{"id":"9007199254740993"}', { id: '9007199254740993' }],
    ['\uFEFF{"id":1}', { id: 1 }],
  ])('%s keeps its digits, and loses its byte order mark', (text, value) => {
    expect(readJson(text)).toEqual(value);
    expect(readJson(Buffer.from(text))).toEqual(value);
  });

  it('is no JSON with two byte order marks, or with bytes that are no UTF-8', () => {
    expect(() => readJson('\uFEFF\uFEFF1')).toThrow('not valid JSON');
    expect(() => readJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow('not valid');
  });

  it('is read as JSON.parse reads it, where no integer is large', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!holdsLargeInteger(value));
        const text = JSON.stringify(value);
        expect(readJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});
