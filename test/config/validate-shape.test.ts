import { faultsOf } from './faults-of';

const endpoint = (more: string) => `endpoints: [{ name: a, url: "https://a.example", ${more} }]`;

describe('the shape of the configuration', () => {
  it('accepts every key at once', () => {
    const yaml = `
temporal: { address: t.example:7233, namespace: n, retention: 7d, task_queue: q, api_key: k, tls: { server_name: t }, ui: "https://ui.example/" }
worker: { host: 0.0.0.0, port: 1 }
gateway: { host: 0.0.0.0, port: 2, tokens: [{ name: ci, token: t }] }
secrets: { s: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw] }
network: { allow: [10.0.0.0/8], deny: ["fd00::/8"] }
endpoints:
  - name: a
    type: webhook
    url: https://a.example
    secret: s
    events: [job.running, job.progress, job.stalled, job.succeeded]
    format: cloudevents
    headers: { x-team: a }
    limits: { concurrency: 1, per_second: 0.5 }
    client_certificate: { cert: "", key: "" }
    timeout: 1s
    retry: { first: 1s, factor: 1, max: 1s, for: 0s }
  - name: k
    type: kafka
    brokers: ["127.0.0.1:9092", "[::1]:9093"]
    topic: jobs.status
    sasl: { mechanism: SCRAM-SHA-512, username: u, password: p }
    tls: true
    events: [compute_node.created, TASK_FAILED]
    format: tencent-batch
  - { name: r, type: rabbitmq, url: "amqps://u:p@h/v", exchange: e, routing_key: k, format: monai }
operations: { endpoint: a }
providers:
  vertex-ai:
    api_endpoint: "[::1]:9000"
    insecure: true
    poll: { first: 100ms, factor: 1, max: 100ms, lost_after: 1m }
    track: { auto: true, endpoints: [a] }
    projects: { p: 12, q: "13" }
    pubsub: { push: { audience: x, service_accounts: [a@b], jwks_uri: "http://127.0.0.1/" }, pull: { subscription: projects/p/subscriptions/s, api_endpoint: "h:1" } }
  tencent-batch:
    region: eu-frankfurt
    endpoint: http://127.0.0.1:9000
    secret_id: i
    secret_key: k
    callback_token: 0123456789.abc_~-
    poll: { first: 1s, factor: 1, max: 1s, lost_after: 1m }
    track: { auto: true, endpoints: [a] }
  monai:
    rabbitmq: amqp://guest:guest@127.0.0.1:5672/v
    exchange: monaideploy
    queue_prefix: jobherald.
    argo: { url: "https://argo.example", namespace: argo, token: t, release: delete }
    poll: { first: 1s, factor: 1, max: 1s, lost_after: 1m }
    task_timeout: 1m
    track: { auto: false, endpoints: [] }
  spec-001:
    source: { application: a, environment_type: e }
    kafka: { brokers: ["h:1"], topic: t, group_id: g, sasl: { mechanism: PLAIN, username: u, password: p }, tls: true }
    stalled: { grace: 1s, fail_after: 0 }
    track: { auto: true, endpoints: [a, k] }
`;
    expect(faultsOf(yaml)).toEqual({});
  });

  it('suggests the nearest key for one it does not know, else lists those it knows', () => {
    expect(faultsOf('gatewey: {}')).toEqual({ '/gatewey': 'unknown key; did you mean "gateway"?' });
    expect(faultsOf('worker: { colour: red }')).toEqual({
      '/worker/colour': 'unknown key; known here: host, port, max_cached_workflows',
    });
  });

  it('suggests the nearest event type', () => {
    expect(faultsOf(endpoint('events: [job.faild]'))).toEqual({
      '/endpoints/0/events/0': '"job.faild" is not known; did you mean "job.failed"?',
    });
  });

  it('names what is missing at the place where it belongs', () => {
    expect(faultsOf('endpoints: [{}]')).toEqual({
      '/endpoints/0/name': 'is required',
      '/endpoints/0/url': 'is required',
    });
    const sasl = '{ mechanism: PLAIN }';
    expect(faultsOf(`endpoints: [{ name: a, type: kafka, brokers: ["h:1"], topic: t, sasl: ${sasl} }]`)).toEqual({
      '/endpoints/0/sasl/username': 'is required',
      '/endpoints/0/sasl/password': 'is required',
    });
  });

  it.each(['15', '"15"', '15 s', '-1s', 'soon', '99999999d'])(
    'refuses %s as a duration and says what is legal',
    (text) => {
      expect(faultsOf(endpoint(`timeout: ${text}`))).toEqual({
        '/endpoints/0/timeout': 'must be a number and a unit: 200ms, 5s, 10m, 6h or 7d; at most 9999d',
      });
    },
  );

  it('says which types fit where several do', () => {
    expect(faultsOf('temporal: { tls: "yes" }')).toEqual({
      '/temporal/tls': 'must be true or false or an object with keys, not a text',
    });
    expect(faultsOf('temporal: { tls: { sever_name: a } }')).toEqual({
      '/temporal/tls/sever_name': 'unknown key; did you mean "server_name"?',
    });
  });

  it('asks for quotes where YAML read a number or a boolean', () => {
    expect(faultsOf('gateway: { tokens: [{ name: yes, token: 12345 }, { name: true, token: a }] }')).toMatchObject({
      '/gateway/tokens/0/token': expect.stringContaining('not'),
      '/gateway/tokens/1/name': 'must be a text, not true or false; put it in quotes',
    });
  });

  it.each([
    ['an empty secret', 'secrets: { a: [] }', '/secrets/a'],
    ['an empty token', 'gateway: { tokens: [{ name: a, token: "" }] }', '/gateway/tokens/0/token'],
    ['a port above 65535', 'worker: { port: 65536 }', '/worker/port'],
    ['an address without a port', 'temporal: { address: localhost }', '/temporal/address'],
    ['a factor below 1', endpoint('retry: { factor: 0.9 }'), '/endpoints/0/retry/factor'],
    ['a poll factor below 1', 'providers: { vertex-ai: { poll: { factor: 0 } } }', '/providers/vertex-ai/poll/factor'],
    ['the same event twice', endpoint('events: [job.failed, job.failed]'), '/endpoints/0/events'],
    ['no events', endpoint('events: []'), '/endpoints/0/events'],
    ['a name with a slash', 'endpoints: [{ name: a/b, url: "https://a.example" }]', '/endpoints/0/name'],
    [
      'a project number that is none',
      'providers: { vertex-ai: { projects: { p: x } } }',
      '/providers/vertex-ai/projects/p',
    ],
    ['an endpoint that is no object', 'endpoints: [5]', '/endpoints/0'],
  ])('refuses %s', (_, yaml, pointer) => {
    expect(Object.keys(faultsOf(yaml))).toEqual([pointer]);
  });

  it('escapes a key in a pointer', () => {
    expect(faultsOf('"a/b~c": 1')).toHaveProperty(['/a~1b~0c']);
  });

  it('never quotes a value that may be secret', () => {
    const yaml = `
temporal: { address: hunter2, api_key: [hunter2] }
gateway: { tokens: [{ name: a, token: "hunter2 hunter2" }] }
secrets: { a: [hunter2, { hunter2: 1 }] }
endpoints:
  - { name: a, url: "ftp://hunter2@a.example", headers: { x-a: "hunter2\\n" } }
  - { name: b, url: hunter2 }
  - { name: c, type: rabbitmq, url: "http://u:hunter2@h", exchange: e, routing_key: k }
  - { name: d, type: kafka, brokers: ["h:1"], topic: t, sasl: { mechanism: PLAIN, username: u, password: [hunter2] } }
providers:
  tencent-batch: { secret_key: hunter2, callback_token: hunter2/ }
  monai: { rabbitmq: "hunter2", argo: { url: "http://hunter2@h" }, track: { auto: false } }`;
    expect(JSON.stringify(Object.values(faultsOf(yaml)))).not.toContain('hunter2');
    expect(Object.keys(faultsOf(yaml))).toHaveLength(14);
  });
});
