import fc from 'fast-check';
import type { HttpServiceConfig } from '../../../src/providers/http/config/http-config';
import { createHttpProvider } from '../../../src/providers/http/provider';
import { type Provider, ProviderError } from '../../../src/providers/provider';
import { freePort } from '../../support/free-port';
import { exampleService, fixture, servedAt } from './an-example';
import { type Answer, type StatusService, startStatusService } from './status-service';

const BATCH = 'batch_67f7bfc50b28819';
const PATH = `/v1/batches/${BATCH}`;
const COMPLETED = fixture('openai-batch-completed');

let service: StatusService;
let warnings: string[];
const open: Provider[] = [];

beforeEach(async () => {
  service = await startStatusService({ header: 'authorization', value: 'Bearer sk-test-openai-key' });
  warnings = [];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()));
  await service.close();
});

const providerOf = (config: HttpServiceConfig, deadlineMs = 5_000): Provider => {
  const provider = createHttpProvider(config, { warn: (message) => warnings.push(message), deadlineMs });
  open.push(provider);
  return provider;
};
const openai = (deadlineMs?: number) => providerOf(servedAt(exampleService('openai'), service.origin), deadlineMs);
const never = () => new AbortController().signal;
const refusal = async (asking: Promise<unknown>): Promise<ProviderError> => {
  const error = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
};

describe('asking a service', () => {
  it('is a GET of its URL with its headers, the credentials in them', async () => {
    service.put(PATH, COMPLETED);
    expect(await openai().getJobStatus(BATCH, never())).toMatchObject({ state: 'COMPLETED' });
    expect(service.seen).toMatchObject([
      { method: 'GET', url: PATH, headers: { authorization: 'Bearer sk-test-openai-key', accept: 'application/json' } },
    ]);
    expect(warnings).toEqual([]);
  });

  it('warns with the name of the service', async () => {
    service.put(PATH, { ...COMPLETED, status: 'dreaming' });
    expect(await openai().getJobStatus(BATCH, never())).toMatchObject({ state: 'RUNNING', provider_state: 'dreaming' });
    expect(warnings).toEqual([expect.stringMatching(/^openai: unknown state dreaming/)]);
  });

  it.each<[number, string]>([
    [404, 'not_found'],
    [410, 'not_found'],
    [401, 'permission_denied'],
    [403, 'permission_denied'],
    [400, 'unavailable'],
    [402, 'unavailable'],
    [408, 'unavailable'],
    [422, 'unavailable'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [301, 'unavailable'],
  ])('that answers %s finds it %s', async (status, code) => {
    service.answer((response) => response.writeHead(status, { location: `${service.origin}/elsewhere` }).end('why'));
    const error = await refusal(openai().getJobStatus(BATCH, never()));
    expect(error).toMatchObject({ code, message: expect.stringMatching(new RegExp(`HTTP ${status}.*why`)) });
    expect(service.seen).toHaveLength(1);
  });

  it.each([
    ['120', 120_000],
    ['soon', undefined],
  ])('that answers 429 with Retry-After %s wants %s ms of rest', async (value, retryAfterMs) => {
    service.answer((response) => response.writeHead(429, { 'retry-after': value }).end());
    expect((await refusal(openai().getJobStatus(BATCH, never()))).retryAfterMs).toBe(retryAfterMs);
  });

  it('never repeats a credential that the service echoes', async () => {
    const config = servedAt(exampleService('openai'), service.origin);
    const wrong = {
      ...config,
      headers: { authorization: 'Bearer sk-of-somebody' },
      credentialValues: ['sk-of-somebody'],
    };
    const error = await refusal(providerOf(wrong).getJobStatus(BATCH, never()));
    expect(error.code).toBe('permission_denied');
    expect(error.message).toContain('Incorrect API key provided: Bearer [secret]');
    expect(error.message).toContain('providers.http.openai.headers');
  });

  it.each<[string, Answer, RegExp, number?]>([
    ['by hanging up', (response) => response.destroy(), /cannot be reached/, 60_000],
    [
      'with half an answer',
      (response) => response.writeHead(200, { 'content-length': '99' }).write('{'),
      /within 0.3 s/,
    ],
    ['never', () => undefined, /no answer within 0.3 s/],
  ])('that answers %s is unavailable', async (_name, answer, message, deadlineMs = 300) => {
    service.answer(answer);
    const error = await refusal(openai(deadlineMs).getJobStatus(BATCH, never()));
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(message) });
  });

  it.each<[string, Answer, RegExp]>([
    ['with a page', (response) => response.end('<html>Sign in</html>'), /did not answer with JSON/],
    ['with nothing', (response) => response.writeHead(204).end(), /did not answer with JSON/],
    ['in a wrong coding', (response) => response.writeHead(200, { 'content-encoding': 'br' }).end('{}'), /is br and/],
  ])('that answers %s is unreadable', async (_name, answer, message) => {
    service.answer(answer);
    const error = await refusal(openai().getJobStatus(BATCH, never()));
    expect(error).toMatchObject({ code: 'unreadable', message: expect.stringMatching(message) });
  });

  it('is unavailable where nothing listens', async () => {
    const nowhere = servedAt(exampleService('openai'), `http://127.0.0.1:${await freePort()}`);
    const error = await refusal(providerOf(nowhere).getJobStatus(BATCH, never()));
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('ECONNREFUSED') });
  });

  it('ends with the reason of its signal', async () => {
    service.answer(() => undefined);
    const stop = new AbortController();
    const asking = openai().getJobStatus(BATCH, stop.signal);
    stop.abort(new Error('the worker stops'));
    await expect(asking).rejects.toThrow('the worker stops');
  });
});

describe('cancelling', () => {
  it('is the request of the configuration', async () => {
    await openai().cancelJob?.(BATCH, never());
    const { seen } = service;
    expect(seen).toMatchObject([{ method: 'POST', url: `${PATH}/cancel`, headers: { 'content-length': '0' } }]);
  });

  it('is nothing to do where the job is over', async () => {
    service.answer((response) => response.writeHead(409).end());
    await expect(openai().cancelJob?.(BATCH, never())).resolves.toBeUndefined();
  });

  it.each<[number, string]>([
    [400, 'unsupported'],
    [405, 'unsupported'],
    [404, 'not_found'],
    [403, 'permission_denied'],
    [500, 'unavailable'],
  ])('that is answered %s is %s', async (status, code) => {
    service.answer((response) => response.writeHead(status).end());
    expect((await refusal(openai().cancelJob?.(BATCH, never()) ?? Promise.resolve())).code).toBe(code);
  });

  it('is not offered where the configuration has none', () => {
    expect(providerOf({ ...exampleService('openai'), cancel: null }).cancelJob).toBeUndefined();
  });
});

describe('the name of a job', () => {
  it('is canonical, where the pattern has a group for it', () => {
    const gemini = providerOf(exampleService('gemini'));
    expect(gemini.canonicalJobName('batches/abc')).toBe('abc');
    expect(gemini.canonicalJobName('abc')).toBe('abc');
  });

  it.each(['resp_1', 'batch_', 'batch_1/..', '', 'batch_1\n', ` ${BATCH}`, 'batch_\ud800'])(
    'is not %j, which the pattern does not take',
    (name) => {
      expect(() => openai().canonicalJobName(name)).toThrow(expect.objectContaining({ code: 'invalid_job_name' }));
    },
  );

  it.each(['..', '.', 'a/../b', 'a//b', '/a', 'a/', 'a b', 'x'.repeat(201)])('is not %j without a pattern', (name) => {
    const any = providerOf({ ...exampleService('openai'), jobPattern: '' });
    expect(() => any.canonicalJobName(name)).toThrow(expect.objectContaining({ code: 'invalid_job_name' }));
  });

  it('is refused, or has one canonical name that changes no path', () => {
    const config = { ...exampleService('openai'), url: `${service.origin}/v1/{+job}`, jobPattern: '' };
    const any = providerOf(config);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let name: string;
        try {
          name = any.canonicalJobName(text);
        } catch (error) {
          return expect(error).toMatchObject({ code: 'invalid_job_name' });
        }
        expect(any.canonicalJobName(name)).toBe(name);
        expect(name.split('/').some((segment) => ['', '.', '..'].includes(segment))).toBe(false);
      }),
    );
  });
});

describe('jobherald check', () => {
  it('asks the URL that is there for it, with the headers', async () => {
    service.put('/v1/batches', { data: [] });
    expect(await openai().check(never())).toMatch(
      /^reached http.*\/v1\/batches, which accepts its headers; lists 0 jobs on its first page$/,
    );
    expect(service.seen).toMatchObject([{ url: '/v1/batches?limit=1' }, { url: '/v1/batches?limit=100' }]);
  });

  it('reports that the key is refused', async () => {
    const config = { ...servedAt(exampleService('openai'), service.origin), headers: {} };
    const error = await refusal(providerOf(config).check(never()));
    expect(error).toMatchObject({ code: 'permission_denied', message: expect.stringContaining('HTTP 401') });
  });

  it('reports what it did not try without such a URL', async () => {
    const config = { ...servedAt(exampleService('openai'), service.origin), check: '' };
    expect(await providerOf(config).check(never())).toContain('its headers were not tried');
  });
});
