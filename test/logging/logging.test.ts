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
    temporalLogger(logger).warn('Activity failed', { sdkComponent: 'activity', error: new Error('why'), attempt: 2 });

    expect(line()).toMatchObject({
      level: 'warn',
      msg: 'Activity failed',
      source: 'temporal activity',
      attempt: 2,
      err: { message: 'why' },
    });
  });

  it("is quiet about the worker's comings and goings", () => {
    const { logger, text } = collect();
    temporalLogger(logger).info('Worker state changed', { sdkComponent: 'worker' });

    expect(text()).toBe('');
  });
});
