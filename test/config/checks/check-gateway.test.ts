import { configOf, faultsOf } from '../faults-of';

const gateway = (section: string) => `endpoints: [{ name: orders, url: "https://a.example" }]\ngateway: ${section}`;

describe('gateway', () => {
  it('limits tokens, inline endpoints and rates as configured', () => {
    const token = '{ name: ci, token: secret-token, scopes: [submit, read], endpoints: [orders] }';
    const yaml = gateway(`{ tokens: [${token}], inline_endpoints: off, rate_limit: { requests: 5, per: 2s } }`);
    expect(configOf(yaml.replace(': off', ': "off"')).gateway).toMatchObject({
      tokens: [{ name: 'ci', scopes: ['submit', 'read'], endpoints: ['orders'] }],
      inlineEndpoints: 'off',
      rateLimit: { requests: 5, perMs: 2_000 },
    });
    expect(configOf(yaml).gateway.inlineEndpoints).toBe('off'); // YAML 1.2: a word, not false
    const { tokens, inlineEndpoints, rateLimit } = configOf(
      gateway('{ tokens: [{ name: ci, token: secret-token }] }'),
    ).gateway;
    expect([tokens[0]?.scopes, tokens[0]?.endpoints, inlineEndpoints, rateLimit]).toEqual(Array(4).fill(undefined));
  });

  it.each([
    ['{ tokens: [{ name: a, token: b, scopes: [writ] }] }', '/gateway/tokens/0/scopes/0'],
    ['{ tokens: [{ name: a, token: b, scopes: [] }] }', '/gateway/tokens/0/scopes'],
    ['{ tokens: [{ name: a, token: b, endpoints: [oders] }] }', '/gateway/tokens/0/endpoints/0'],
    ['{ inline_endpoints: some }', '/gateway/inline_endpoints'],
    ['{ rate_limit: { requests: 5 } }', '/gateway/rate_limit/per'],
    ['{ rate_limit: { requests: 0, per: 1s } }', '/gateway/rate_limit/requests'],
    ['{ rate_limit: { requests: 5, per: 0s } }', '/gateway/rate_limit/per'],
  ])('must not be %s', (section, pointer) => {
    expect(Object.keys(faultsOf(gateway(section)))).toEqual([pointer]);
  });
});
