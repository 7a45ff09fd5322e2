import { PassThrough } from 'node:stream';
import { parseConfig } from '../../src/config/load-config';
import { createLogger } from '../../src/logging/create-logger';
import { temporalLogger } from '../../src/logging/install-temporal-logging';
import { secretsOf } from '../../src/logging/without-secrets';
import { TEST_SECRET, testConfig } from '../support/test-config';

const collect = (options: Partial<Parameters<typeof createLogger>[0]> = {}) => {
  const stream = new PassThrough();
  const logger = createLogger({ stream, ...options });
  const text = () => String(stream.read() ?? '');
  return { logger, text, line: () => JSON.parse(text()) };
};

describe('the log', () => {
  it('is JSON lines with time, level by name, and message', () => {
    const { logger, line } = collect();
    logger.warn({ job: 'a' }, 'it happened');

    expect(line()).toEqual({ level: 'warn', time: expect.stringMatching(/^\d{4}-.*Z$/), job: 'a', msg: 'it happened' });
  });

  it('says first what happened', () => {
    const { logger, text } = collect();
    logger.warn({ job: 'a', err: new Error('why') }, 'it happened');

    expect(text()).toMatch(/^{"level":"warn","time":"[^"]+","msg":"it happened","job":"a","err":{"type":"Error"/);
  });

  it('is for people on a terminal', () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    createLogger({ stream: terminal }).info('it happened');

    expect(String(terminal.read())).toMatch(/INFO.*it happened/);
  });

  it('blacks out every secret of the configuration, wherever it stands', () => {
    const config = testConfig({
      temporal: {
        apiKey: 'temporal-cloud-key',
        tls: { key: { pem: '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY-----' } },
        metadata: { authorization: 'of-a-profile' },
      },
      gateway: { tokens: [{ name: 'ci', token: 'gateway-token "1"' }] },
      endpoints: [{ name: 'orders', url: 'https://x.example/', headers: { authorization: 'Basic b3JkZXJz' } }],
    });
    const { logger, text } = collect({ secrets: secretsOf(config) });
    const err = Object.assign(new Error(`refused gateway-token "1"`), { metadata: { key: 'temporal-cloud-key' } });
    logger.error('MIGHAgEAMBMG of-a-profile');
    logger.error({ err, deep: { list: [TEST_SECRET] } }, 'with Basic b3JkZXJz');

    const said = text();
    expect(said.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(4);
    for (const secret of [
      'MIGHAgEAMBMG',
      'of-a-profile',
      'gateway-token',
      'temporal-cloud-key',
      TEST_SECRET,
      'b3JkZXJz',
    ]) {
      expect(said).not.toContain(secret);
    }
  });

  it('blacks out the passwords of brokers and the keys of providers', () => {
    const sasl = '{ mechanism: PLAIN, username: u, password: of-a-topic }';
    const yaml = `
credentials: { api: of-an-api }
endpoints:
  - { name: k, type: kafka, brokers: ["h:1"], topic: t, sasl: ${sasl} }
  - { name: r, type: rabbitmq, url: "amqp://u:of%2Fan%20exchange@h", exchange: e, routing_key: k }
providers:
  tencent-batch: { secret_id: i, secret_key: of-tencent, callback_token: 0123456789abcdef }
  monai: { rabbitmq: "amqp://u:of-monai-@h", argo: { token: of-argo-1 }, track: { endpoints: [r] } }
  spec-001: { kafka: { brokers: ["h:1"], topic: t, sasl: ${sasl.replace('topic', 'consumer')} } }
  http:
    api: { url: "https://h/{job}", headers: { authorization: of-a-header }, state: { pointer: /s, map: { x: FAILED } } }`;
    const { logger, text } = collect({ secrets: secretsOf(parseConfig(yaml, { env: {}, cwd: '/' })) });
    const secrets = [
      'of-a-topic',
      'of%2Fan%20exchange',
      'of/an exchange',
      'of-tencent',
      '0123456789abcdef',
      'of-monai-',
      'of-argo-1',
      'of-a-consumer',
      'of-an-api',
      'of-a-header',
    ];
    logger.error({ secrets }, secrets.join());

    const said = text();
    for (const secret of secrets) expect(said).not.toContain(secret);
    expect(said.match(/\[secret\]/g)).toHaveLength(2 * secrets.length);
  });

  it('blacks out no ordinary word because some secret is short', () => {
    const { logger, line } = collect({ secrets: ['', 'job'] });
    logger.info('the job ended');

    expect(line().msg).toBe('the job ended');
  });
});

describe("the Temporal SDK's log", () => {
  it('keeps its level, says where it is from, and has the error as errors are logged', () => {
    const { logger, line } = collect();
    temporalLogger(logger).warn('Activity failed', {
      ...{ sdkComponent: 'activity', error: new Error('why'), attempt: 2, activityType: 'deliver' },
    });

    expect(line()).toMatchObject({
      level: 'warn',
      msg: 'deliver failed: why',
      source: 'temporal activity',
      attempt: 2,
      err: { message: 'why' },
    });
  });

  it('has what an activity says before which attempt of which run says it, and no more of that than a reader needs', () => {
    const { logger, text } = collect();
    temporalLogger(logger).error('gave a delivery up', {
      ...{ sdkComponent: 'activity', taskQueue: 'q', taskToken: 'CiQw', isLocal: false, namespace: 'default' },
      ...{
        attempt: 3,
        activityId: 'a',
        activityType: 'deliver',
        workflowType: 'job',
        workflowId: 'w',
        workflowRunId: 'r',
      },
      ...{ endpoint: 'orders', last_error: 'HTTP 500' },
    });

    expect(text()).toMatch(
      /^{"level":"error","time":"[^"]+","msg":"gave a delivery up","endpoint":"orders","last_error":"HTTP 500","attempt":3,"activityType":"deliver","workflowType":"job","workflowId":"w","workflowRunId":"r","source":"temporal activity"}\n$/,
    );
  });

  it('does not repeat for each poller and each activity that Temporal is away, and says everything else', () => {
    const { logger, text } = collect();
    const away = Object.assign(new Error('14 UNAVAILABLE: connect ECONNREFUSED'), { code: 14 });
    const wrapped = Object.assign(new Error('failed to signal', { cause: away }), { name: 'ServiceError' });
    const core = { sdkComponent: 'core', err: 'Status { code: Unavailable, message: "tcp connect error" }' };
    temporalLogger(logger).warn('gRPC call poll_workflow_task_queue retried 6 times', core);
    temporalLogger(logger).warn('Error when recording heartbeat: Status { code: Unavailable }', {
      sdkComponent: 'core',
    });
    for (const error of [away, wrapped]) {
      temporalLogger(logger).warn('the caretaker could not do a chore', { sdkComponent: 'activity', error });
    }
    expect(text()).toBe('');

    const busy = { ...core, err: 'Status { code: ResourceExhausted, message: "namespace rate limit exceeded" }' };
    temporalLogger(logger).warn('gRPC call respond_workflow_task_completed retried 6 times', busy);
    expect(text()).toContain('namespace rate limit exceeded');
  });

  it("is quiet about the worker's comings and goings", () => {
    const { logger, text } = collect();
    temporalLogger(logger).info('Worker state changed', { sdkComponent: 'worker' });

    expect(text()).toBe('');
  });
});
