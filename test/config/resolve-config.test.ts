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
        hasDefaultEvents: true,
        format: 'standard',
        headers: {},
        limits: { concurrency: 20, perSecond: 0 },
        clientCertificate: { cert: '', key: '' },
        timeoutMs: 15_000,
        retry: { firstMs: 5_000, factor: 3, maxMs: 21_600_000, forMs: 604_800_000 },
      },
    ]);
  });

  it('gives an endpoint of a broker what every endpoint has, and its own', () => {
    const base = {
      events: ['job.succeeded', 'job.failed', 'job.canceled', 'job.partially_failed'],
      hasDefaultEvents: true,
      format: 'standard',
      limits: { concurrency: 20, perSecond: 0 },
      timeoutMs: 15_000,
      retry: { firstMs: 5_000, factor: 3, maxMs: 21_600_000, forMs: 604_800_000 },
    };
    const yaml = `
endpoints:
  - { name: k, type: kafka, brokers: ["h:1"], topic: t }
  - { name: r, type: rabbitmq, url: "amqp://h", exchange: e, routing_key: k }`;
    expect(configOf(yaml).endpoints).toEqual([
      { ...base, name: 'k', type: 'kafka', brokers: ['h:1'], topic: 't', sasl: null, tls: false },
      { ...base, name: 'r', type: 'rabbitmq', url: 'amqp://h', exchange: 'e', routingKey: 'k' },
    ]);
  });

  it.each([
    ['tencent-batch', []],
    ['monai', ['job.running']],
    ['spec-001', ['job.running', 'job.progress']],
  ])('tells an endpoint of the format %s ends, and %j', (format, also) => {
    const yaml = `endpoints: [{ name: a, url: "https://a.example", format: ${format} }]`;
    const ends = ['job.succeeded', 'job.failed', 'job.canceled', 'job.partially_failed'];
    expect(configOf(yaml).endpoints[0]?.events).toEqual([...also, ...ends]);
  });

  it('knows the events of Tencent Batch by either name, and each once', () => {
    const names =
      'COMPUTE_NODE_CREATED, compute_node.created, JOB_FAILED, JOB_FAILED_INTERRUPTED, job.failed, TASK_SUCCEED';
    const yaml = `endpoints: [{ name: a, url: "https://a.example", events: [${names}] }]`;
    expect(configOf(yaml).endpoints[0]?.events).toEqual(['compute_node.created', 'job.failed', 'task.succeed']);
  });

  it('asks Tencent Batch nothing and accepts nothing from it unless configured', () => {
    expect(configOf('').providers['tencent-batch']).toEqual({
      region: 'ap-guangzhou',
      endpoint: '',
      secretId: '',
      secretKey: '',
      callbackToken: '',
      poll: { firstMs: 30_000, factor: 2, maxMs: 600_000, lostAfterMs: 600_000 },
      sweep: { everyMs: 30_000, budget: { requests: 300, perMs: 60_000 } },
      safetyMs: 21_600_000,
      overdueAfterMs: null,
      track: { auto: false, endpoints: [], scopes: [], sinceMs: 0 },
    });
  });

  it('has MONAI off without its section, and on with an empty one', () => {
    expect(configOf('').providers.monai).toMatchObject({ enabled: false, track: { endpoints: [] } });
    expect(configOf('providers: { monai: }').providers.monai.enabled).toBe(false);
    const endpoint = '{ name: task-updates, url: "https://a.example" }';
    expect(configOf(`endpoints: [${endpoint}]\nproviders: { monai: {} }`).providers.monai).toEqual({
      enabled: true,
      rabbitmq: 'amqp://127.0.0.1',
      exchange: 'monaideploy',
      queuePrefix: '',
      argo: { url: '', namespace: 'argo', token: '', release: 'none' },
      poll: { firstMs: 30_000, factor: 2, maxMs: 600_000, lostAfterMs: 600_000 },
      sweep: { everyMs: 30_000, budget: { requests: 300, perMs: 60_000 } },
      safetyMs: 21_600_000,
      overdueAfterMs: null,
      taskTimeoutMs: 3_600_000,
      track: { auto: true, endpoints: ['task-updates'] },
    });
  });

  it('takes SPEC-001 messages by HTTP, from no topic, unless configured', () => {
    expect(configOf('').providers['spec-001']).toEqual({
      source: { application: 'jobherald', environmentType: 'production' },
      kafka: { brokers: [], topic: '', groupId: 'jobherald', sasl: null, tls: false },
      stalled: { graceMs: 0, failAfter: 3 },
      overdueAfterMs: null,
      track: { auto: true, endpoints: [] },
    });
  });

  it('reads how a Kafka cluster is logged in to', () => {
    const sasl = '{ mechanism: SCRAM-SHA-256, username: u, password: p }';
    const yaml = `providers: { spec-001: { kafka: { brokers: ["h:1"], topic: t, sasl: ${sasl}, tls: true } } }`;
    expect(configOf(yaml).providers['spec-001'].kafka).toMatchObject({
      sasl: { mechanism: 'SCRAM-SHA-256', username: 'u', password: 'p' },
      tls: true,
    });
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

  it('watches scopes as it is told to, and tracks what is in them under its one spelling', () => {
    const sweep = '{ every: 100ms, budget: { requests: 600, per: 30s } }';
    const scopes =
      '[projects/shop-ml/locations/europe-west4, projects/7/locations/us-central1/customJobs, projects/7/locations/europe-west4/batchPredictionJobs]';
    const track = `{ auto: true, since: 2d, scopes: ${scopes} }`;
    const yaml = `providers: { vertex-ai: { sweep: ${sweep}, safety: 1h, track: ${track}, projects: { shop-ml: 7 } } }`;
    expect(configOf(yaml).providers['vertex-ai']).toMatchObject({
      sweep: { everyMs: 100, budget: { requests: 600, perMs: 30_000 } },
      safetyMs: 3_600_000,
      track: {
        auto: true,
        scopes: [
          'projects/7/locations/europe-west4/batchPredictionJobs',
          'projects/7/locations/us-central1/customJobs',
        ],
        sinceMs: 172_800_000,
      },
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

  it('finds the Web UI 1000 ports above the address, unless configured', () => {
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
