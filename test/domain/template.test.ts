import fc from 'fast-check';
import { fillTemplate, fillUrlTemplate, hasStrayBrace, placeholdersOf } from '../../src/domain/template';

/** Any text that is a whole number of characters. */
const text = fc.string({ unit: 'binary', minLength: 1 });
const isDots = (segment: string) => segment === '.' || segment === '..';

describe('a URL template', () => {
  it.each([
    ['https://a.example/v1/{job}', 'x y', 'https://a.example/v1/x%20y'],
    ['https://a.example/v1/{job}', 'a/b?c#d', 'https://a.example/v1/a%2Fb%3Fc%23d'],
    ['https://a.example/v1/{+job}', 'a/b?c', 'https://a.example/v1/a/b%3Fc'],
    ['https://a.example/get?run={job}&x=1', "1&y='2'", 'https://a.example/get?run=1%26y%3D%272%27&x=1'],
    ['https://a.example/{job}/{job}', '{job}', 'https://a.example/%7Bjob%7D/%7Bjob%7D'],
    ['https://a.example/{other}', 'x', 'https://a.example/{other}'],
    ['https://a.example/{toString}', 'x', 'https://a.example/{toString}'],
  ])('%s with %j is %s', (template, job, url) => {
    expect(fillUrlTemplate(template, { job })).toBe(url);
  });

  it('keeps host, path and query as they are written, whatever the job is called', () => {
    fc.assert(
      fc.property(
        text.filter((job) => !isDots(job)),
        (job) => {
          const url = new URL(fillUrlTemplate('https://a.example/v1/jobs/{job}/status?a=1', { job }));
          const [, version, jobs, segment, status, ...more] = url.pathname.split('/');
          expect([url.origin, version, jobs, status, url.search, url.hash, more]).toEqual([
            'https://a.example',
            'v1',
            'jobs',
            'status',
            '?a=1',
            '',
            [],
          ]);
          expect(decodeURIComponent(segment ?? '')).toBe(job);
        },
      ),
    );
  });

  it('adds the segments of a name with {+job}, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(
          text.filter((segment) => !isDots(segment) && !segment.includes('/')),
          { minLength: 1, maxLength: 5 },
        ),
        (segments) => {
          const url = new URL(fillUrlTemplate('https://a.example/v1/{+job}', { job: segments.join('/') }));
          expect(url.pathname.split('/').slice(2).map(decodeURIComponent)).toEqual(segments);
          expect(url.pathname).toMatch(/^\/v1\//);
          expect([url.search, url.hash]).toEqual(['', '']);
        },
      ),
    );
  });
});

describe('a template', () => {
  it('takes values as they are, once, and leaves what has no value', () => {
    expect(fillTemplate('Bearer {key}', { key: 'a $& {key} b' })).toBe('Bearer a $& {key} b');
    expect(fillTemplate('{a}{b}', { a: '1' })).toBe('1{b}');
  });

  it('names its placeholders', () => {
    expect(placeholdersOf('{a} {+b-c.d} {1} { e }')).toEqual([
      { name: 'a', keepsSlashes: false },
      { name: 'b-c.d', keepsSlashes: true },
    ]);
  });

  it.each([
    ['{job}', false],
    ['a{+job}b', false],
    ['', false],
    ['{job', true],
    ['job}', true],
    ['{}', true],
    ['{a b}', true],
    ['{{job}}', true],
  ])('of %j has a stray brace: %s', (template, stray) => {
    expect(hasStrayBrace(template)).toBe(stray);
  });
});
