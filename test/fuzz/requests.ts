import fc from 'fast-check';
import { hostileJson, hostileText } from './hostile';

/** A request as bytes, and what a test has to know of it. */
export interface WildRequest {
  readonly pieces: readonly Buffer[];
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
}

export type Header = readonly [name: string, value: string];

/** Bytes of a body, and how they are said to end. */
export interface WildBody {
  readonly bytes: Buffer;
  readonly framing: (typeof FRAMINGS)[number];
}

const FRAMINGS = [
  'length',
  'length',
  'length',
  'chunked',
  'none',
  'too short',
  'both',
  'bad chunks',
  'nonsense',
] as const;

/** Bytes that are JSON, almost JSON, or nothing of the kind. */
export function bodiesAround(values: fc.Arbitrary<unknown>): fc.Arbitrary<WildBody> {
  const json = fc.oneof(values, hostileJson).map((value) => JSON.stringify(value) ?? '');
  const almost = fc.tuple(json, fc.nat(), fc.constantFrom(...ALMOST)).map(([text, at, spoil]) => spoil(text, at));
  const texts = fc.oneof({ arbitrary: json, weight: 6 }, { arbitrary: almost, weight: 3 }, fc.constantFrom(...UGLY));
  const bytes = fc.oneof(
    { arbitrary: texts.map((text) => Buffer.from(text)), weight: 8 },
    fc.uint8Array({ maxLength: 300 }).map((noise) => Buffer.from(noise)),
    texts.map((text) => Buffer.from(text, 'utf16le')),
    texts.map((text) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])),
    texts.map((text) => Buffer.concat([Buffer.from(text), Buffer.from([0xc3, 0x28, 0xff])])),
  );
  return fc.record({ bytes, framing: fc.constantFrom(...FRAMINGS) });
}

const ALMOST: readonly ((text: string, at: number) => string)[] = [
  (text, at) => text.slice(0, at % (text.length + 1)),
  (text, at) => text.slice(0, at % (text.length + 1)) + text.slice((at % (text.length + 1)) + 1),
  (text) => text.replaceAll('"', "'"),
  (text) => text.replace(/}$/, ',}'),
  (text) => text + text,
  (text) => text.replace('{', '{"__proto__":{"endpoints":["orders"]},'),
  (text) => text.replace('{', '{"provider":"other","job":"other",'),
  (text) => text.replace(/"([^"]*)"/, '"\\ud800$1"'),
  (text) => text.replace(/:"[^"]*"/, ':1e999'),
  (text) => text.replace(/:"[^"]*"/, `:${'9'.repeat(400)}`),
  (text) => `/* comment */${text}`,
  (text, at) => deepAt(text, at, 20_000),
];

/** The JSON with one of its values so deep that whoever goes down it by recursion falls. */
export function deepAt(text: string, at: number, depth: number): string {
  const places = [...text.matchAll(/:\s*("[^"]*"|\d+)/g)];
  const place = places[at % (places.length || 1)];
  if (!place) return text;
  return `${text.slice(0, place.index)}:${'['.repeat(depth)}${']'.repeat(depth)}${text.slice(place.index + place[0].length)}`;
}

const UGLY = [
  '[]',
  '""',
  'null',
  '[1,]',
  '{"a":1,"a":2}',
  '{"provider":"vertex-ai","provider":"scripted"}',
  '['.repeat(100_000),
  '{"a":'.repeat(50_000),
  `${'['.repeat(70)}${']'.repeat(70)}`,
  `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`,
  `[${'0,'.repeat(50_000)}0]`,
  `{"metadata":{"a":"${'x'.repeat(40_000)}"}}`,
  `"${'\\u0000'.repeat(1000)}"`,
  'a=b&c=d',
  '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--',
];

/** A path made of a route's pattern: what stands for a parameter is right, or percent-encoded in every way. */
export function pathsOf(pattern: string, right: readonly string[]): fc.Arbitrary<string> {
  const parameters = fc.oneof({ arbitrary: fc.constantFrom(...right), weight: 3 }, { arbitrary: encoded, weight: 1 });
  const filled = fc.array(parameters, { minLength: 4, maxLength: 4 }).map((values) => {
    let next = 0;
    return pattern.replace(/:\w+|\*/g, () => values[next++ % values.length] ?? '');
  });
  return fc.tuple(filled, queries, spoilt).map(([path, query, spoil]) => spoil(path) + query);
}

/** Characters that a request line can hold; the others are percent-encoded, or half so. */
const encoded = fc.oneof(
  hostileText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 20_000)),
  fc.string({
    unit: fc.constantFrom(...'%2Ffc0/.:?&=\\~a;@!$*()[]{}|^`"<>'.split(''), '%25', '%2e', '%ff', '%ed%a0%80'),
  }),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => [...bytes].map((byte) => `%${byte.toString(16)}`).join('')),
);

const queries = fc.oneof(
  { arbitrary: fc.constant(''), weight: 5 },
  {
    arbitrary: fc.constantFrom('?limit=5', '?query=JobState%3D%22FAILED%22', '?cursor=x', '?limit=1&limit=2'),
    weight: 2,
  },
  { arbitrary: encoded.map((text) => `?limit=${text}`), weight: 1 },
  { arbitrary: encoded.map((text) => `?${text}`), weight: 1 },
);

const spoilt = fc.oneof(
  { arbitrary: fc.constant((path: string) => path), weight: 8 },
  fc.constantFrom<(path: string) => string>(
    (path) => `${path}/`,
    (path) => `/${path}`,
    (path) => path.toUpperCase(),
    (path) => `http://127.0.0.1${path}`,
    (path) => path.replace('/', '/%2e%2e/'),
    (path) => path.replaceAll('%2F', '/'),
    (path) => path.replaceAll('%2F', '%252F'),
    (path) => `${path};a=b`,
    (path) => `${path}#there`,
    (path) => path.slice(1),
  ),
);

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'QUERY', 'PROPFIND'];
export const methodsBeside = (right: string): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: fc.constant(right), weight: 8 },
    { arbitrary: fc.constantFrom(...METHODS), weight: 1 },
    { arbitrary: fc.constantFrom('get', 'P\0ST', 'FOO', '', 'POST POST', 'M-SEARCH'), weight: 1 },
  );

const CONTENT_TYPES = [
  ...['application/json', 'text/plain', 'application/cloudevents+json', 'application/x-www-form-urlencoded', 'x', ''],
  ...['*/*;;=', 'application/json; charset=utf-16', 'multipart/form-data; boundary=x', 'a/b;c="', 'undefined'],
];

/** Headers that the gateway looks at with anything in them, and some that nobody knows. */
export const headers: fc.Arbitrary<readonly Header[]> = fc.array(
  fc.oneof(
    fc.tuple(fc.constant('content-type'), fc.constantFrom(...CONTENT_TYPES)),
    fc.tuple(
      fc.constantFrom(
        ...['authorization', 'idempotency-key', 'x-request-id', 'content-encoding', 'expect', 'te', 'trailer', 'range'],
        ...['host', 'origin', 'cookie', 'accept', 'connection', 'upgrade', 'x-forwarded-for', 'x-http-method-override'],
        ...['ce-id', 'ce-type', 'x-goog-pubsub-message-id', 'webhook-id', 'webhook-timestamp', 'webhook-signature'],
        ...['__proto__', 'constructor', 'x y', '', 'é', 'content-length', 'transfer-encoding', 'if-none-match'],
      ),
      fc.oneof(
        hostileText.map((text) => text.replace(/[\r\n]/g, ' ').slice(0, 20_000)),
        fc.constantFrom(
          'Bearer x',
          'Bearer',
          'Basic YTpi',
          'gzip',
          '100-continue',
          'close',
          'keep-alive',
          'upgrade',
          '1',
        ),
        fc.constantFrom('google.cloud.audit.log.v1.written', '127.0.0.1', 'a.b.c', 'v1,AAAA', 'h2c', 'chunked'),
      ),
    ),
  ),
  { maxLength: 5 },
);

/** The bytes of a request. A body that is said to be longer than it is never ends. */
export function wildRequest(
  parts: { readonly method: string; readonly path: string; readonly headers: readonly Header[] } & WildBody,
  cuts: readonly number[] = [],
): WildRequest {
  const { method, path, headers: more, bytes, framing } = parts;
  const { lines, body } = framed(bytes, framing);
  const all: readonly Header[] = [['host', '127.0.0.1'], ...lines, ...more];
  // A repeated Host is refused by the parser; one that a test gives replaces ours.
  const sent = all.filter(([name], at) => at > 0 || !more.some(([other]) => other === name));
  const head = [`${method} ${path} HTTP/1.1`, ...sent.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
  return { method, path, headers: sent, pieces: cut(Buffer.concat([Buffer.from(head, 'latin1'), body]), cuts) };
}

function framed(bytes: Buffer, framing: WildBody['framing']): { lines: readonly Header[]; body: Buffer } {
  const length: Header = ['content-length', String(bytes.length)];
  const chunked: Header = ['transfer-encoding', 'chunked'];
  const chunks = Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')]);
  switch (framing) {
    case 'length':
      return { lines: [length], body: bytes };
    case 'chunked':
      return { lines: [chunked], body: bytes.length === 0 ? Buffer.from('0\r\n\r\n') : chunks };
    case 'none':
      return { lines: [], body: bytes };
    case 'too short':
      return { lines: [['content-length', String(Math.floor(bytes.length / 2))]], body: bytes };
    case 'both':
      return { lines: [length, chunked], body: chunks };
    case 'bad chunks':
      return { lines: [chunked], body: Buffer.concat([Buffer.from('zz\r\n'), bytes]) };
    case 'nonsense':
      return { lines: [['content-length', '-5']], body: bytes };
  }
}

function cut(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [...new Set([0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, at) => bytes.subarray(places[at], end));
}
