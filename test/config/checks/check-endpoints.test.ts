import { faultsOf, KEY } from '../faults-of';

const endpoint = (more: string) => `endpoints: [{ name: a, url: "https://a.example", ${more} }]`;
const withUrl = (url: string) => `endpoints: [{ name: a, url: "${url}" }]`;

describe('an endpoint', () => {
  it('must have a name of its own', () => {
    const yaml = 'endpoints: [{ name: a, url: "https://a.example" }, { name: a, url: "https://b.example" }]';
    expect(Object.keys(faultsOf(yaml))).toEqual(['/endpoints/1/name']);
  });

  it('must not be named like the inline ones', () => {
    expect(faultsOf('endpoints: [{ name: inline-a, url: "https://a.example" }]')).toHaveProperty(['/endpoints/0/name']);
  });

  it.each([
    'not a url',
    'ftp://a.example',
    'amqp://a',
    'https://user:pass@a.example',
    'https://user@a.example',
    'https://',
  ])('must not have the url %s', (url) => {
    expect(Object.keys(faultsOf(withUrl(url)))).toEqual(['/endpoints/0/url']);
  });

  it.each(['https://a.example', 'https://8.8.8.8:9/x?y=z'])('may have the url %s', (url) => {
    expect(faultsOf(withUrl(url))).toEqual({});
  });

  it.each([
    ['http://127.0.0.1:3000/hooks', '127.0.0.1 to /network/allow'],
    ['https://localhost/hooks', '127.0.0.0/8 to /network/allow'],
    ['https://[2001:db8::1]/', '2001:db8::1 to /network/allow'],
    ['http://orders.internal/', 'its addresses to /network/allow'],
  ])('may not have the url %s, to which nothing would ever be sent, and says which key allows it', (url, key) => {
    const { '/endpoints/0/url': text } = faultsOf(withUrl(url));
    expect(text).toMatch(/^deliveries would be blocked: /);
    expect(text).toContain(key);
  });

  it('may have any url that the network rule allows, and none that it denies', () => {
    const withNetwork = (url: string, network: object) => `${withUrl(url)}\nnetwork: ${JSON.stringify(network)}`;
    const allowed = { allow: ['127.0.0.0/8'] };
    for (const url of ['http://127.0.0.1:3000/hooks', 'http://localhost/', 'http://orders.internal/']) {
      expect(faultsOf(withNetwork(url, allowed))).toEqual({});
    }
    const own = `endpoints: [{ name: a, url: "http://127.0.0.1/", network: { allow: [127.0.0.1] } }]`;
    expect(faultsOf(own)).toEqual({});
    expect(faultsOf(own.replace('[127.0.0.1]', '[home]'))).toHaveProperty(['/endpoints/0/network/allow/0']);
    expect(Object.keys(faultsOf(`${own}\nnetwork: { deny: [127.0.0.1] }`))).toEqual(['/endpoints/0/url']);
    const denied = faultsOf(withNetwork('http://127.0.0.1/', { ...allowed, deny: ['127.0.0.1'] }));
    expect(denied['/endpoints/0/url']).toContain('take it out of /network/deny');
  });

  it('must name a secret that is configured, or none', () => {
    expect(faultsOf(endpoint('secret: orders'))).toHaveProperty(['/endpoints/0/secret']);
    expect(faultsOf(`secrets: { orders: [${KEY}] }\n${endpoint('secret: orders')}`)).toEqual({});
    expect(faultsOf(endpoint('secret: ""'))).toEqual({});
  });

  it('must ask for no event that its format has no word for', () => {
    expect(
      Object.keys(faultsOf(endpoint('format: vertex-ai, events: [job.failed, job.running, job.stalled]'))),
    ).toEqual(['/endpoints/0/events/1', '/endpoints/0/events/2']);
    expect(faultsOf(endpoint('format: vertex-ai'))).toEqual({});
  });

  it.each(['0s', '11m'])('must not have the timeout %s', (timeout) => {
    expect(Object.keys(faultsOf(endpoint(`timeout: ${timeout}`)))).toEqual(['/endpoints/0/timeout']);
  });

  it('must not wait longer at first than at most', () => {
    expect(faultsOf(endpoint('retry: { first: 2m, max: 1m }'))).toEqual({
      '/endpoints/0/retry/first': 'must not be longer than max, which is 1m',
    });
    expect(Object.keys(faultsOf(endpoint('retry: { first: 7h }')))).toEqual(['/endpoints/0/retry/first']);
    expect(faultsOf(endpoint('retry: { first: 1m, max: 1m }'))).toEqual({});
  });

  it('must not try again without a pause', () => {
    expect(Object.keys(faultsOf(endpoint('retry: { first: 0s }')))).toEqual(['/endpoints/0/retry/first']);
  });

  it('must have both parts of a client certificate, in files that can be read', () => {
    expect(Object.keys(faultsOf(endpoint('client_certificate: { cert: faults-of.ts }')))).toEqual([
      '/endpoints/0/client_certificate/key',
    ]);
    expect(faultsOf(endpoint('client_certificate: { cert: faults-of.ts, key: absent.pem }'))).toEqual({
      '/endpoints/0/client_certificate/key': expect.stringContaining('ENOENT'),
    });
    expect(faultsOf(endpoint('client_certificate: { cert: faults-of.ts, key: faults-of.ts }'))).toEqual({});
  });
});
