import { PassThrough } from 'node:stream';
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
      temporal: { apiKey: 'temporal-cloud-key' },
      gateway: { tokens: [{ name: 'ci', token: 'gateway-token "1"' }] },
      endpoints: [{ name: 'orders', url: 'https://x.example/', headers: { authorization: 'Basic b3JkZXJz' } }],
    });
    const { logger, text } = collect({ secrets: secretsOf(config) });
    const err = Object.assign(new Error(`refused gateway-token "1"`), { metadata: { key: 'temporal-cloud-key' } });
    logger.error({ err, deep: { list: [TEST_SECRET] } }, 'with Basic b3JkZXJz');

    const said = text();
    expect(said.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(4);
    for (const secret of ['gateway-token', 'temporal-cloud-key', TEST_SECRET, 'b3JkZXJz']) {
      expect(said).not.toContain(secret);
    }
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
