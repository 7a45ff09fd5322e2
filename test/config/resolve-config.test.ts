import { configOf } from './faults-of';

describe('resolveConfig', () => {
  it('fills in what an endpoint leaves out', () => {
    expect(configOf('endpoints: [{ name: a, url: "https://a.example" }]').endpoints).toEqual([
      {
        name: 'a',
        type: 'webhook',
        url: 'https://a.example',
        secret: '',
        events: ['job.succeeded', 'job.failed', 'job.canceled', 'job.partially_failed'],
        format: 'standard',
        headers: {},
        limits: { concurrency: 20, perSecond: 0 },
        clientCertificate: { cert: '', key: '' },
        timeoutMs: 15_000,
        retry: { firstMs: 5_000, factor: 3, maxMs: 21_600_000, forMs: 604_800_000 },
      },
    ]);
  });

  it('keeps the defaults of a section beside what it says', () => {
    const yaml = 'endpoints: [{ name: a, url: "https://a.example", retry: { max: 1h }, limits: { per_second: 2 } }]';
    expect(configOf(yaml).endpoints[0]).toMatchObject({
      retry: { firstMs: 5_000, factor: 3, maxMs: 3_600_000, forMs: 604_800_000 },
      limits: { concurrency: 20, perSecond: 2 },
    });
  });

  it('polls Vertex AI after 30 s, then twice as rarely up to 10 min, and gives a job up for lost after 10 min', () => {
    expect(configOf('').providers['vertex-ai'].poll).toEqual({
      firstMs: 30_000,
      factor: 2,
      maxMs: 600_000,
      lostAfterMs: 600_000,
    });
  });

  it('writes header names in lower case', () => {
    const yaml = 'endpoints: [{ name: a, url: "https://a.example", headers: { X-Team: A } }]';
    expect(configOf(yaml).endpoints[0]).toMatchObject({ headers: { 'x-team': 'A' } });
  });

  it('makes a network of a single address', () => {
    expect(configOf('network: { allow: [10.0.0.5, "::1", 10.0.0.0/8] }').network.allow).toEqual([
      '10.0.0.5/32',
      '::1/128',
      '10.0.0.0/8',
    ]);
  });

  it('writes project numbers as text', () => {
    expect(configOf('providers: { vertex-ai: { projects: { p: 12 } } }').providers['vertex-ai'].projects).toEqual({
      p: '12',
    });
  });

  it('finds the Web UI 1000 ports above the address, unless it is told', () => {
    expect(configOf('temporal: { address: "10.0.0.1:17233" }').temporal.ui).toBe('http://10.0.0.1:18233');
    expect(configOf('temporal: { address: "[::1]:7233" }').temporal.ui).toBe('http://[::1]:8233');
    expect(configOf('temporal: { ui: "https://ui.example/t/" }').temporal.ui).toBe('https://ui.example/t');
  });

  it.each([
    ['{}', false],
    ['{ tls: {} }', false],
    ['{ tls: { server_name: "" } }', false],
    ['{ tls: false }', false],
    ['{ tls: true }', {}],
    ['{ api_key: k }', {}],
    ['{ api_key: k, tls: {} }', {}],
    ['{ tls: { server_name: t } }', { serverName: 't' }],
  ])('of temporal %s makes tls %j', (section, tls) => {
    expect(configOf(`temporal: ${section}`).temporal.tls).toEqual(tls);
  });

  it('makes the path of a certificate absolute', () => {
    const yaml = 'temporal: { tls: { ca: faults-of.ts } }';
    expect(configOf(yaml).temporal.tls).toEqual({ ca: `${__dirname}/faults-of.ts` });
  });
});
