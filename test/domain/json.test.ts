import fc from 'fast-check';
import { valueAt } from '../../src/domain/json';

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
