import { faultsOf } from '../faults-of';

const ENDPOINT = 'endpoints: [{ name: task-updates, url: "https://a.example" }]';

describe.each(['vertex-ai', 'tencent-batch', 'monai'])('the pace at which %s is polled', (name) => {
  it.each([
    ['{ first: 99ms }', 'must be 100ms or more'],
    ['{ first: 11m }', 'must not be longer than max, which is 10m'],
  ])('must not be %s', (poll, text) => {
    expect(faultsOf(`${ENDPOINT}\nproviders: { ${name}: { poll: ${poll} } }`)).toEqual({
      [`/providers/${name}/poll/first`]: text,
    });
  });
});

describe.each(['vertex-ai', 'tencent-batch', 'monai'])('the pace at which scopes of %s are swept', (name) => {
  it.each([
    ['{ sweep: { every: 99ms } }', 'sweep/every', 'must be 100ms or more'],
    ['{ sweep: { budget: { requests: 0 } } }', 'sweep/budget/requests', 'must be 1 or more'],
    ['{ sweep: { budget: { per: 0s } } }', 'sweep/budget/per', 'must be 100ms or more'],
    ['{ safety: 0s }', 'safety', 'must be 100ms or more'],
    ['{ overdue_after: 0s }', 'overdue_after', 'must be more than 0'],
  ])('must not be %s', (section, member, text) => {
    expect(faultsOf(`${ENDPOINT}\nproviders: { ${name}: ${section} }`)).toEqual({
      [`/providers/${name}/${member}`]: text,
    });
  });
});

describe('what is tracked by sweeps', () => {
  const SERVICE = 'url: "https://a.example/{job}", state: { pointer: /s, map: { d: COMPLETED } }';
  const LIST = 'list: { url: "https://a.example/", items: /d, id: /i, created_at: /c }';
  const faults = (sections: string, rest = '') => faultsOf(`{ providers: { ${sections} }${rest} }`);

  it.each([
    'vertex-ai: { track: { auto: true, scopes: [projects/7/locations/us-central1] } }',
    'vertex-ai: { track: { auto: true, scopes: [projects/p/locations/global/tuningJobs] }, projects: { p: 7 } }',
    'tencent-batch: { track: { auto: true, scopes: [ap-guangzhou] } }',
    'tencent-batch: { region: eu-frankfurt, track: { auto: true, scopes: [eu-frankfurt], since: "" } }',
    `http: { a: { ${SERVICE}, ${LIST}, track: { auto: true, scopes: [a] } } }`,
  ])('may be %s', (sections) => {
    expect(faults(sections)).toEqual({});
  });

  it('needs auto', () => {
    expect(faults('tencent-batch: { track: { scopes: [ap-guangzhou] } }')).toEqual({
      '/providers/tencent-batch/track/auto': 'must be true, because scopes name what is tracked; or take scopes out',
    });
  });

  it.each([
    ['vertex-ai', '{ auto: true, scopes: [europe-west4] }', 'must be projects/{project}/locations/{location}'],
    ['vertex-ai', '{ auto: true, scopes: [projects/7/locations/l/models] }', 'must be projects/{project}/locations'],
    ['tencent-batch', '{ auto: true, scopes: [eu-frankfurt] }', "must be ap-guangzhou, the section's region"],
  ])('of %s must not be %s', (name, track, text) => {
    expect(faults(`${name}: { track: ${track} }`)).toEqual({
      [`/providers/${name}/track/scopes/0`]: expect.stringContaining(text),
    });
  });

  it('may not be a project of two spellings, and says how to map it', () => {
    expect(faults('vertex-ai: { track: { auto: true, scopes: [projects/shop-ml/locations/us-central1] } }')).toEqual({
      '/providers/vertex-ai/track/scopes/0': expect.stringContaining(
        'add providers.vertex-ai.projects: { shop-ml: NUMBER }, which "gcloud projects describe shop-ml',
      ),
    });
  });

  it.each([
    [`${SERVICE}, ${LIST}, track: { auto: true, scopes: [b] }`, 'track/scopes/0', 'must be a, the service itself'],
    [`${SERVICE}, track: { auto: true, scopes: [a] }`, 'track/scopes/0', 'needs list'],
  ])('of a service must not be %s', (service, member, text) => {
    expect(faults(`http: { a: { ${service} } }`)).toEqual({
      [`/providers/http/a/${member}`]: expect.stringContaining(text),
    });
  });

  it('reaches back no further than Temporal remembers, less a day', () => {
    const track = (since: string) =>
      `vertex-ai: { track: { auto: true, since: ${since}, scopes: [projects/7/locations/l] } }`;
    expect(faults(track('29d'))).toEqual({});
    expect(faults(track('30d'))).toEqual({
      '/providers/vertex-ai/track/since': expect.stringContaining('must be at most 29d: the retention, which is 30d'),
    });
    expect(Object.keys(faults(track('2d'), ', temporal: { retention: 2d }'))).toEqual([
      '/providers/vertex-ai/track/since',
    ]);
    expect(faults(track('soon'))).toEqual({
      '/providers/vertex-ai/track/since': 'must be a number and a unit, such as 200ms, 5s, 10m, 6h or 7d; or nothing',
    });
  });
});

describe('tencent-batch', () => {
  it.each(['""', 'batch.tencentcloudapi.com', 'batch.internal:8443', '"127.0.0.1:9000"', '"http://127.0.0.1:9000"'])(
    'may be at %s',
    (endpoint) => {
      expect(faultsOf(`providers: { tencent-batch: { endpoint: ${endpoint} } }`)).toEqual({});
    },
  );

  it.each([
    ['{ endpoint: "ftp://a" }', '/providers/tencent-batch/endpoint'],
    ['{ endpoint: "https://u:p@a" }', '/providers/tencent-batch/endpoint'],
    ['{ endpoint: "a/b" }', '/providers/tencent-batch/endpoint'],
    ['{ endpoint: "a:70000" }', '/providers/tencent-batch/endpoint'],
    ['{ secret_id: i }', '/providers/tencent-batch/secret_key'],
    ['{ secret_key: k }', '/providers/tencent-batch/secret_id'],
    ['{ callback_token: 0123456789abcdef/ }', '/providers/tencent-batch/callback_token'],
    ['{ callback_token: "0123456789 abcdef" }', '/providers/tencent-batch/callback_token'],
  ])('refuses %s', (section, pointer) => {
    expect(Object.keys(faultsOf(`providers: { tencent-batch: ${section} }`))).toEqual([pointer]);
  });

  it('says what a callback token is', () => {
    expect(faultsOf('providers: { tencent-batch: { callback_token: a/b } }')).toEqual({
      '/providers/tencent-batch/callback_token':
        'must be letters, digits, dots, underscores, tildes and dashes, or nothing',
    });
  });

  it('takes a short callback token on loopback only', () => {
    const section = 'providers: { tencent-batch: { callback_token: short } }';
    expect(faultsOf(section)).toEqual({});
    expect(faultsOf(`{ gateway: { host: 0.0.0.0, tokens: [{ name: a, token: b }] }, ${section} }`)).toEqual({
      '/providers/tencent-batch/callback_token': expect.stringContaining('must be 16 characters or more'),
    });
  });
});

describe('monai', () => {
  it.each([
    ['{ rabbitmq: "http://127.0.0.1" }', '/providers/monai/rabbitmq'],
    ['{ rabbitmq: 127.0.0.1 }', '/providers/monai/rabbitmq'],
    ['{ rabbitmq: "amqp:///v" }', '/providers/monai/rabbitmq'],
    ['{ argo: { url: argo } }', '/providers/monai/argo/url'],
    ['{ argo: { release: delete } }', '/providers/monai/argo/url'],
    ['{ argo: { release: stop } }', '/providers/monai/argo/release'],
    ['{ task_timeout: 0s }', '/providers/monai/task_timeout'],
    ['{ task_timeout: 60 }', '/providers/monai/task_timeout'],
    ['{ exchange: "" }', '/providers/monai/exchange'],
    ['{ track: { endpoints: [] } }', '/providers/monai/track/endpoints'],
  ])('refuses %s', (section, pointer) => {
    expect(Object.keys(faultsOf(`${ENDPOINT}\nproviders: { monai: ${section} }`))).toEqual([pointer]);
  });

  it('needs an endpoint to notify of dispatched tasks, unless it tracks none', () => {
    expect(faultsOf('providers: { monai: {} }')).toEqual({
      '/providers/monai/track/endpoints':
        'is required, because no endpoint is named task-updates: name the endpoints that are notified of tasks, or set auto to false',
    });
    expect(faultsOf('providers: { monai: { track: { auto: false } } }')).toEqual({});
    expect(faultsOf(`${ENDPOINT}\nproviders: { monai: {} }`)).toEqual({});
    expect(faultsOf('')).toEqual({});
    expect(Object.keys(faultsOf('endpoints: 5\nproviders: { monai: {} }'))).toEqual(['/endpoints']);
  });
});

describe('spec-001', () => {
  it.each([
    ['{ kafka: { brokers: ["h:1"] } }', '/providers/spec-001/kafka/topic'],
    ['{ kafka: { topic: t } }', '/providers/spec-001/kafka/brokers'],
    ['{ kafka: { topic: t, brokers: [h] } }', '/providers/spec-001/kafka/brokers/0'],
    ['{ kafka: { topic: t, brokers: ["h:0"] } }', '/providers/spec-001/kafka/brokers/0'],
    ['{ kafka: { topic: a/b, brokers: ["h:1"] } }', '/providers/spec-001/kafka/topic'],
    ['{ stalled: { fail_after: -1 } }', '/providers/spec-001/stalled/fail_after'],
    ['{ stalled: { fail_after: 1.5 } }', '/providers/spec-001/stalled/fail_after'],
    ['{ stalled: { grace: soon } }', '/providers/spec-001/stalled/grace'],
    ['{ source: { application: "" } }', '/providers/spec-001/source/application'],
  ])('refuses %s', (section, pointer) => {
    expect(Object.keys(faultsOf(`providers: { spec-001: ${section} }`))).toEqual([pointer]);
  });

  it('may consume no topic', () => {
    expect(faultsOf('providers: { spec-001: { kafka: { brokers: [], topic: "" } } }')).toEqual({});
  });
});
