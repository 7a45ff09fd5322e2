import { faultsOf } from '../faults-of';

const KAFKA = 'name: a, type: kafka, brokers: ["h:1"], topic: t';
const RABBITMQ = 'name: a, type: rabbitmq, url: "amqp://h", exchange: e, routing_key: k';
const WEBHOOK = 'name: a, url: "https://a.example"';

describe('an endpoint of a broker', () => {
  it('must say where it is', () => {
    expect(faultsOf('endpoints: [{ name: a, type: kafka }]')).toEqual({
      '/endpoints/0/brokers': 'is required',
      '/endpoints/0/topic': 'is required',
    });
    expect(faultsOf('endpoints: [{ name: a, type: rabbitmq }]')).toEqual({
      '/endpoints/0/url': 'is required',
      '/endpoints/0/exchange': 'is required',
      '/endpoints/0/routing_key': 'is required',
    });
  });

  it.each([
    [KAFKA, 'url: "https://a.example"', 'url', 'webhook or rabbitmq'],
    [KAFKA, 'secret: s', 'secret', 'webhook'],
    [KAFKA, 'headers: { x-a: b }', 'headers', 'webhook'],
    [KAFKA, 'client_certificate: { cert: a }', 'client_certificate', 'webhook'],
    [KAFKA, 'routing_key: k', 'routing_key', 'rabbitmq'],
    [RABBITMQ, 'secret: s', 'secret', 'webhook'],
    [RABBITMQ, 'headers: { host: b }', 'headers', 'webhook'],
    [RABBITMQ, 'topic: t', 'topic', 'kafka'],
    [RABBITMQ, 'tls: true', 'tls', 'kafka'],
    [WEBHOOK, 'brokers: ["h:1"]', 'brokers', 'kafka'],
    [WEBHOOK, 'sasl: { mechanism: PLAIN, username: u, password: p }', 'sasl', 'kafka'],
    [WEBHOOK, 'exchange: e', 'exchange', 'rabbitmq'],
  ])('{ %s } must not have %s', (endpoint, more, key, types) => {
    const type = /type: (\w+)/.exec(endpoint)?.[1] ?? 'webhook';
    expect(faultsOf(`endpoints: [{ ${endpoint}, ${more} }]`)).toEqual({
      [`/endpoints/0/${key}`]: `is for endpoints of type ${types}, and this one is of type ${type}; take it out, or change type`,
    });
  });

  it('is not judged by its keys when its type is wrong', () => {
    expect(faultsOf('endpoints: [{ name: a, type: kafak, brokers: ["h:1"], topic: t }]')).toEqual({
      '/endpoints/0/type': '"kafak" is not known; did you mean "kafka"?',
    });
  });

  it.each([
    [KAFKA.replace('h:1', 'h'), '/endpoints/0/brokers/0'],
    [KAFKA.replace('h:1', 'h:70000'), '/endpoints/0/brokers/0'],
    [KAFKA.replace('"h:1"', ''), '/endpoints/0/brokers'],
    [KAFKA.replace('topic: t', 'topic: a/b'), '/endpoints/0/topic'],
    [`${KAFKA}, sasl: { mechanism: GSSAPI, username: u, password: p }`, '/endpoints/0/sasl/mechanism'],
    [RABBITMQ.replace('amqp://h', 'https://h'), '/endpoints/0/url'],
    [RABBITMQ.replace('amqp://h', 'amqp:///v'), '/endpoints/0/url'],
    [RABBITMQ.replace('amqp://h', 'h:5672'), '/endpoints/0/url'],
    [RABBITMQ.replace('exchange: e', 'exchange: ""'), '/endpoints/0/exchange'],
    [`${RABBITMQ}, timeout: 0s`, '/endpoints/0/timeout'],
    [`${KAFKA}, format: vertex-ai, events: [job.running]`, '/endpoints/0/events/0'],
    [`${KAFKA}, format: vertex-ai, events: [JOB_FAILED, JOB_RUNNING]`, '/endpoints/0/events/1'],
  ])('must not be { %s }', (endpoint, pointer) => {
    expect(Object.keys(faultsOf(`endpoints: [{ ${endpoint} }]`))).toEqual([pointer]);
  });

  it.each([KAFKA, RABBITMQ, RABBITMQ.replace('amqp://h', 'amqps://u:p@h:5671/v?heartbeat=5')])(
    'may be { %s }',
    (endpoint) => {
      expect(faultsOf(`endpoints: [{ ${endpoint} }]`)).toEqual({});
    },
  );
});
