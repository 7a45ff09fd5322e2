import { parse, stringify } from 'yaml';
import { configOf, faultsOf, KEY } from '../../../config/faults-of';

const SERVICE = `
credentials: { mine: a-long-key, other: "x" }
secrets: { hooks: [${KEY}] }
endpoints: [{ name: orders, url: https://orders.example.com }]
providers:
  http:
    mine:
      url: https://api.example.com/jobs/{job}
      headers: { X-Api-Key: "{mine}", authorization: "Bearer {mine}:{other}" }
      state: { pointer: /status, map: { done: COMPLETED } }
`;
const AT = '/providers/http/mine';
const LIST = { url: 'https://api.example.com/jobs', items: '/data', id: '/id' };

/** The service with some of its keys changed; undefined takes one out. */
const withKeys = (keys: Record<string, unknown>, name = 'mine'): string => {
  const file = parse(SERVICE);
  return stringify({ ...file, providers: { http: { [name]: { ...file.providers.http.mine, ...keys } } } });
};

describe('a service under providers.http', () => {
  it('is sound with what it needs, and gets its credentials, pointers and defaults', () => {
    const [service] = configOf(SERVICE).providers.http;
    expect(service).toMatchObject({
      name: 'mine',
      headers: { 'x-api-key': 'a-long-key', authorization: 'Bearer a-long-key:x' },
      credentialValues: ['a-long-key', 'a-long-key', 'x'],
      state: { at: ['/status'], map: { done: 'COMPLETED' }, rules: [] },
      cancel: null,
      webhook: null,
      poll: { firstMs: 30_000, factor: 2, maxMs: 600_000, lostAfterMs: 600_000 },
      list: null,
      sweep: { everyMs: 30_000, budget: { requests: 300, perMs: 60_000 } },
      safetyMs: 21_600_000,
      track: { auto: false, endpoints: [], scopes: [], sinceMs: 0 },
    });
  });

  it('lists by what it says, with the state where its own document has it, and by default as one page', () => {
    const list = { ...LIST, created_at: '/at', next: { parameter: 'after', more: '/more' }, order: 'newest_first' };
    expect(configOf(withKeys({ list })).providers.http[0]?.list).toEqual({
      url: 'https://api.example.com/jobs',
      items: ['/data'],
      id: ['/id'],
      state: ['/status'],
      createdAt: ['/at'],
      next: { at: [], parameter: 'after', more: ['/more'] },
      order: 'newest_first',
    });
    expect(configOf(withKeys({ list: LIST })).providers.http[0]?.list).toMatchObject({ next: null, order: 'none' });
  });

  it.each([
    'Mine',
    '1mine',
    'mine_too',
    'm'.repeat(64),
    'vertex-ai',
    'monai',
    'http',
    'endpoint',
    'redelivery',
    'watch',
  ])('cannot be called %s', (name) => {
    expect(Object.keys(faultsOf(withKeys({}, name)))).toEqual([`/providers/http/${name}`]);
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['no URL', { url: undefined }, '/url', /required/],
    ['a list without items', { list: { ...LIST, items: undefined } }, '/list/items', /required/],
    ['a list at another protocol', { list: { ...LIST, url: 'ftp://a.example' } }, '/list/url', /https:/],
    ['a list of no known age', { list: { ...LIST, order: 'newest_first' } }, '/list/created_at', /read back to an age/],
    ['a next page that nothing finds', { list: { ...LIST, next: { more: '/more' } } }, '/list/next', /needs pointer/],
    ['an order of its own', { list: { ...LIST, order: 'oldest_first' } }, '/list/order', /newest_first/],
    [
      'a list that is tracked and of no known age',
      { list: LIST, track: { auto: true, scopes: ['mine'] } },
      '/list/created_at',
      /from some time on/,
    ],
    ['a sweep that never ends', { sweep: { every: '1ms' } }, '/sweep/every', /100ms/],
    ['a URL without a job', { url: 'https://api.example.com/jobs' }, '/url', /needs \{job\}/],
    ['a URL of another protocol', { url: 'ftp://api.example.com/{job}' }, '/url', /https:/],
    ['a URL with a password', { url: 'https://a:b@api.example.com/{job}' }, '/url', /no user and password/],
    ['a URL whose host is the job', { url: 'https://{job}.example.com/' }, '/url', /never in the host/],
    ['a URL whose port is the job', { url: 'https://a.example.com:{job}/' }, '/url', /URL/],
    ['a URL with a key in it', { url: 'https://a.example.com/{job}?key={mine}' }, '/url', /not \{mine\}/],
    ['a URL with a stray brace', { url: 'https://a.example.com/{job}}' }, '/url', /brace/],
    ['an unknown credential', { headers: { 'x-key': '{mien}' } }, '/headers/x-key', /did you mean "mine"/],
    ['a stray brace in a header', { headers: { 'x-key': '{ mine }' } }, '/headers/x-key', /brace/],
    ['a header of the connection', { headers: { connection: 'close' } }, '/headers/connection', /connection/],
    ['a header twice', { headers: { a: '1', A: '2' } }, '/headers/A', /another spelling/],
    ['a pattern that is none', { job_pattern: '(' }, '/job_pattern', /regular expression/],
    ['no state', { state: undefined }, '/state', /required/],
    ['no end', { state: { pointer: '/s', map: { on: 'RUNNING' } } }, '/state', /no state that ends a job/],
    ['a state of nobody', { state: { pointer: '/s', map: { on: 'DONE' } } }, '/state/map/on', /COMPLETED/],
    [
      'a pointer that is none',
      { state: { pointer: 'status', map: { on: 'FAILED' } } },
      '/state/pointer',
      /JSON pointer/,
    ],
    [
      'an output elsewhere',
      { outputs: [{ pointer: '/o', type: 't', uri: 'https://x' }] },
      '/outputs/0/uri',
      /\{value\}/,
    ],
    ['an output of no URI', { outputs: [{ pointer: '/o', type: 't', uri: 'x {value}' }] }, '/outputs/0/uri', /no URI/],
    ['a cancel without a job', { cancel: { url: 'https://api.example.com' } }, '/cancel/url', /needs \{job\}/],
    ['an unsigned webhook', { webhook: { job: '/id' } }, '/webhook', /needs secret or public_keys/],
    ['an unknown secret', { webhook: { job: '/id', secret: 'hook' } }, '/webhook/secret', /did you mean "hooks"/],
    ['a key of another sort', { webhook: { job: '/id', public_keys: [KEY] } }, '/webhook/public_keys/0', /whpk_/],
    ['a check that is no URL', { check: 'api' }, '/check', /no URL/],
    ['a poll that grows shorter', { poll: { first: '5m', max: '1m' } }, '/poll/first', /longer than max/],
    ['an unknown endpoint', { track: { auto: true, endpoints: ['order'] } }, '/track/endpoints/0', /orders/],
    ['an unknown key', { stat: {} }, '/stat', /did you mean/],
  ])('is at fault with %s', (_name, keys, pointer, text) => {
    expect(faultsOf(withKeys(keys))).toEqual({ [AT + pointer]: expect.stringMatching(text) });
  });

  it.each<[Record<string, unknown>, string, RegExp]>([
    [{}, '', /always holds/],
    [{ above: 0 }, '/pointer', /required/],
    [{ pointer: '/x' }, '', /needs above, equals or present/],
  ])('is at fault with the rule %j', (rule, pointer, text) => {
    const state = { pointer: '/s', map: { on: 'RUNNING' }, rules: [{ state: 'FAILED', ...rule }] };
    expect(faultsOf(withKeys({ state }))).toEqual({ [`${AT}/state/rules/0${pointer}`]: expect.stringMatching(text) });
  });

  it('may end jobs by its rules alone', () => {
    const rules = [{ when: 'on', pointer: ['/a', '/b'], present: false, state: 'FAILED' }];
    expect(faultsOf(withKeys({ state: { pointer: '/s', map: { on: 'RUNNING' }, rules } }))).toEqual({});
  });
});

describe('a credential', () => {
  it.each([
    ['"": x', '/credentials/'],
    ['"a b": x', '/credentials/a b'],
    ['a: ""', '/credentials/a'],
  ])('cannot be {%s}', (yaml, pointer) => {
    expect(Object.keys(faultsOf(`credentials: {${yaml}}`))).toEqual([pointer]);
  });

  it('with a line break is at fault where a header holds it', () => {
    const yaml = SERVICE.replace('mine: a-long-key', 'mine: "a-long-key\\n"');
    expect(Object.values(faultsOf(yaml))).toEqual([
      expect.stringContaining('line break'),
      expect.stringContaining('line break'),
    ]);
  });
});
