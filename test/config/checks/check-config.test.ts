import { faultsOf, KEY } from '../faults-of';

describe('the gateway', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', 'gateway.example', '128.0.0.1', '127.example'])(
    'needs tokens on %s',
    (host) => {
      expect(Object.keys(faultsOf(`gateway: { host: "${host}" }`))).toEqual(['/gateway/tokens']);
      expect(faultsOf(`gateway: { host: "${host}", tokens: [{ name: a, token: b }] }`)).toEqual({});
    },
  );

  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('needs no tokens on %s', (host) => {
    expect(faultsOf(`gateway: { host: "${host}" }`)).toEqual({});
  });

  it('is not said to lack tokens when the one it has is wrong', () => {
    expect(Object.keys(faultsOf('gateway: { host: 0.0.0.0, tokens: [5] }'))).toEqual(['/gateway/tokens/0']);
  });
});

describe('secrets', () => {
  it('are whsec_ or whsk_ keys, and a wrong one is named by its place', () => {
    expect(Object.keys(faultsOf(`secrets: { orders: [${KEY}, sk_live_1], "a/b": [whsec_AAAA] }`))).toEqual([
      '/secrets/a~1b/0',
      '/secrets/orders/1',
    ]);
  });
});

describe('network', () => {
  it.each([
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/8/8',
    '10.0.0/8',
    'example.com',
    '10.0.0.0/',
    'fe80::1%eth0/64',
    '""',
  ])('refuses %s as a CIDR', (cidr) => {
    expect(Object.keys(faultsOf(`network: { allow: [10.0.0.0/8, ${cidr}], deny: [${cidr}] }`))).toEqual([
      '/network/allow/1',
      '/network/deny/0',
    ]);
  });
});

describe('names of endpoints', () => {
  it.each([
    ['operations: { endpoint: b }', '/operations/endpoint'],
    ['providers: { vertex-ai: { track: { endpoints: [a, b] } } }', '/providers/vertex-ai/track/endpoints/1'],
    ['providers: { tencent-batch: { track: { endpoints: [b] } } }', '/providers/tencent-batch/track/endpoints/0'],
    ['providers: { monai: { track: { endpoints: [a, b] } } }', '/providers/monai/track/endpoints/1'],
    ['providers: { spec-001: { track: { endpoints: [b] } } }', '/providers/spec-001/track/endpoints/0'],
  ])('must be configured: %s', (yaml, pointer) => {
    expect(Object.keys(faultsOf(`${yaml}\nendpoints: [{ name: a, url: "https://a.example" }]`))).toEqual([pointer]);
  });

  it.each(['vertex-ai', 'tencent-batch', 'monai', 'spec-001'])('are at most a hundred in what %s tracks', (name) => {
    const names = Array.from({ length: 101 }, (_, i) => `e${i}`);
    const endpoints = names.map((each) => `{ name: ${each}, url: "https://a.example" }`);
    const faults = (count: number) =>
      faultsOf(
        `endpoints: [${endpoints}]\nproviders: { ${name}: { track: { auto: true, endpoints: [${names.slice(0, count)}] } } }`,
      );
    const pointer = `/providers/${name}/track/endpoints`;
    expect(faults(100)[pointer]).toBeUndefined();
    expect(faults(101)[pointer]).toContain('100');
  });
});

describe('vertex-ai', () => {
  it.each([
    ['{ insecure: true }', '/providers/vertex-ai/insecure'],
    ['{ api_endpoint: "a:70000" }', '/providers/vertex-ai/api_endpoint'],
    ['{ api_endpoint: "https://a" }', '/providers/vertex-ai/api_endpoint'],
    ['{ poll: { first: 99ms } }', '/providers/vertex-ai/poll/first'],
    ['{ poll: { first: 11m } }', '/providers/vertex-ai/poll/first'],
    ['{ pubsub: { push: { audience: a } } }', '/providers/vertex-ai/pubsub/push'],
    ['{ pubsub: { push: { service_accounts: [a@b] } } }', '/providers/vertex-ai/pubsub/push'],
    ['{ pubsub: { push: { jwks_uri: nonsense } } }', '/providers/vertex-ai/pubsub/push/jwks_uri'],
    ['{ pubsub: { pull: { subscription: s } } }', '/providers/vertex-ai/pubsub/pull/subscription'],
    ['{ pubsub: { pull: { api_endpoint: "h:70000" } } }', '/providers/vertex-ai/pubsub/pull/api_endpoint'],
  ])('refuses %s', (section, pointer) => {
    expect(Object.keys(faultsOf(`providers: { vertex-ai: ${section} }`))).toEqual([pointer]);
  });

  it('is not said to lack an audience when the one it has is wrong', () => {
    expect(
      faultsOf('providers: { vertex-ai: { pubsub: { push: { audience: 5, service_accounts: [a@b] } } } }'),
    ).toEqual({
      '/providers/vertex-ai/pubsub/push/audience': 'must be a text, not a number; put it in quotes',
    });
  });

  it('may be plaintext at an endpoint of its own', () => {
    expect(faultsOf('providers: { vertex-ai: { api_endpoint: "127.0.0.1:9000", insecure: true } }')).toEqual({});
  });
});

describe('temporal', () => {
  it.each([
    ['{ retention: 59m }', '/temporal/retention'],
    ['{ address: "a:65536" }', '/temporal/address'],
    ['{ ui: "javascript:1" }', '/temporal/ui'],
    ['{ api_key: k, tls: false }', '/temporal/tls'],
    ['{ tls: { cert: faults-of.ts } }', '/temporal/tls/key'],
    ['{ tls: { ca: absent.pem } }', '/temporal/tls/ca'],
  ])('refuses %s', (section, pointer) => {
    expect(Object.keys(faultsOf(`temporal: ${section}`))).toEqual([pointer]);
  });
});
