import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createReceiver, memoryStore, type NoContext, type ReceiverOptions, type Refusal } from '../../src/receiver';
import { TEST_SECRET } from '../support/test-config';
import { signedWebhook } from './signed-webhook';

const ANOTHER_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

const receiving = (parts: Partial<ReceiverOptions<NoContext>> = {}) =>
  createReceiver({ name: 'orders', store: memoryStore(), secrets: [TEST_SECRET], handler: () => {}, ...parts });

describe('a receiver', () => {
  it('hands over what was verified, and the headers', async () => {
    const seen: unknown[] = [];
    const receiver = receiving({
      handler({ id, timestamp, payload, body, headers }) {
        seen.push(id, timestamp, payload, Buffer.from(body).toString(), headers.get('X-Team'));
      },
    });
    const { headers, body } = signedWebhook('a', '{"state":"COMPLETED"}');
    await receiver.handle({ headers: { ...headers, 'x-team': 'orders', ':path': '/hooks' }, body });
    const timestamp = new Date(Number(headers['webhook-timestamp']) * 1000);
    expect(seen).toEqual(['a', timestamp, { state: 'COMPLETED' }, '{"state":"COMPLETED"}', 'orders']);
  });

  it('takes a body that is not JSON where the handler does not read it', async () => {
    const onError = jest.fn();
    const request = signedWebhook('a', 'no JSON');
    expect((await receiving().handle(request)).status).toBe(200);
    expect((await receiving({ handler: ({ payload }) => void payload, onError }).handle(request)).status).toBe(500);
    expect(onError).toHaveBeenCalledWith(expect.any(SyntaxError), 'a');
  });

  const { headers, body } = signedWebhook('a');
  const old = { ...headers, 'webhook-timestamp': '1' };
  const malformed = { ...headers, 'webhook-timestamp': 'now' };
  it.each([
    ['missing_header', 401, { headers: {}, body }, {}],
    ['malformed_header', 400, { headers: malformed, body }, {}],
    ['stale', 401, { headers: old, body }, {}],
    ['wrong_key', 401, { headers, body }, { secrets: [ANOTHER_SECRET] }],
    ['body_reserialized', 401, { headers, body: '{ "type": "job.succeeded" }' }, {}],
    ['body_reserialized', 401, { headers, body: { type: 'job.succeeded' } as never }, {}],
    ['body_too_large', 413, { headers, body }, { maxBodyBytes: body.length - 1 }],
    ['method_not_allowed', 405, { method: 'PUT', headers, body }, {}],
  ])('refuses with %s and tells onRefused the same', async (code, status, request, parts) => {
    const refused: Refusal[] = [];
    const handler = jest.fn();
    const receiver = receiving({ ...parts, handler, onRefused: (refusal) => refused.push(refusal) });
    const answer = await receiver.handle(request);
    expect(refused).toMatchObject([{ status, code }]);
    expect(answer).toMatchObject({ status, body: `${code}: ${refused[0]?.message}\n` });
    expect(handler).not.toHaveBeenCalled();
  });

  it('takes any of its secrets, a body of just the limit, and the tolerance that is given', async () => {
    const parts = { secrets: [ANOTHER_SECRET, TEST_SECRET], maxBodyBytes: body.length };
    expect((await receiving(parts).handle({ headers, body })).status).toBe(200);
    const past = { headers: { ...headers, 'webhook-timestamp': '1' }, body };
    expect((await receiving({ toleranceSeconds: 10 ** 10 }).handle(past)).body).toMatch(/^wrong_key/);
  });

  it.each(['', 'two words', 'a:b', 'x'.repeat(101)])('refuses the name "%s" when it is made', (name) => {
    expect(() => receiving({ name })).toThrow('name must be');
  });

  it('refuses secrets that can never fit when it is made', () => {
    expect(() => receiving({ secrets: [] })).toThrow('at least one key');
    expect(() => receiving({ secrets: ['hunter2'] })).toThrow(/whsec_/);
  });

  it('asks for another attempt when the handler throws, and keeps to itself what', async () => {
    const onError = jest.fn();
    const error = new Error('password of the database: hunter2');
    const receiver = receiving({ handler: () => Promise.reject(error), onError });
    const answer = await receiver.handle(signedWebhook('a'));
    expect(answer).toMatchObject({ status: 500, body: 'failed: not handled; send it again\n' });
    expect(onError.mock.calls).toEqual([[error, 'a']]);
  });

  it('asks for another attempt when the store fails', async () => {
    const onError = jest.fn();
    const once = () => Promise.reject(new Error('no connection'));
    const receiver = receiving({ store: { ...memoryStore(), once }, onError });
    expect((await receiver.handle(signedWebhook('a'))).status).toBe(500);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('answers the same when its listeners throw', async () => {
    const onRefused = () => {
      throw new Error('the log is full');
    };
    const receiver = receiving({ handler: () => Promise.reject(new Error()), onRefused, onError: onRefused });
    expect((await receiver.handle({ headers: {}, body: '' })).status).toBe(401);
    expect((await receiver.handle(signedWebhook('a'))).status).toBe(500);
  });

  it('ends no process when its listeners are async and reject', async () => {
    const rejections: Promise<never>[] = [];
    const rejecting = () => {
      const rejection = Promise.reject(new Error('the log is full'));
      rejections.push(rejection);
      jest.spyOn(rejection, 'then');
      return rejection;
    };
    const receiver = receiving({
      handler: () => Promise.reject(new Error()),
      onRefused: rejecting,
      onError: rejecting,
    });
    expect((await receiver.handle({ headers: {}, body: '' })).status).toBe(401);
    expect((await receiver.handle(signedWebhook('a'))).status).toBe(500);
    expect(rejections).toHaveLength(2);
    for (const { then } of rejections) expect(then).toHaveBeenCalled();
  });

  it('answers 503 when the handler takes longer than its time, tells it so, and takes the next attempt', async () => {
    const onError = jest.fn();
    let calls = 0;
    let stopped: unknown;
    const receiver = receiving({
      timeout: '20ms',
      onError,
      handler({ signal }) {
        if (++calls > 1) return;
        return new Promise(() => signal.addEventListener('abort', () => (stopped = signal.reason)));
      },
    });
    const answer = await receiver.handle(signedWebhook('a'));
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: expect.stringMatching(/^overloaded/),
    });
    expect(onError.mock.calls).toEqual([[stopped, 'a']]);
    expect((await receiver.handle(signedWebhook('a'))).body).toBe('handled\n');
  });

  it.each<[Partial<ReceiverOptions<NoContext>>, RegExp]>([
    [{ timeout: 'soon' }, /soon/],
    [{ timeout: '0s' }, /timeout/],
    [{ timeout: '25d' }, /timeout must be at most/],
    [{ max_waiting: 0 }, /max_waiting/],
    [{ toleranceSeconds: Number.NaN }, /toleranceSeconds/],
    [{ toleranceSeconds: -1 }, /toleranceSeconds/],
    [{ maxBodyBytes: Number.NaN }, /maxBodyBytes/],
    [{ name: undefined as never }, /name must be/],
  ])('refuses %j when it is made', (parts, message) => {
    expect(() => receiving(parts)).toThrow(message);
  });

  it('reads no body whose headers already refuse it, nor one that is declared too large', async () => {
    const read = jest.fn();
    const body = (async function* () {
      read();
      yield Buffer.from('{}');
    })();
    for (const each of [{}, old, { ...headers, 'webhook-signature': 'v9,AAAA' }]) {
      expect(await receiving().handle({ headers: each, body })).toMatchObject({ status: 401 });
    }
    const large = { ...headers, 'content-length': String(2 ** 30) };
    expect(await receiving().handle({ headers: large, body })).toMatchObject({ status: 413 });
    expect(read).not.toHaveBeenCalled();
  });

  it('holds 32 MiB of bodies at most, so that those which never end fill no memory', async () => {
    const receiver = receiving();
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const halfSent = async function* () {
      yield Buffer.alloc(1024 * 1024 - 1);
      await ended;
    };
    const pending = Array.from({ length: 33 }, () => receiver.handle({ headers, body: halfSent() }));
    await new Promise(setImmediate);
    end();
    const statuses = (await Promise.all(pending)).map(({ status }) => status);
    expect([
      statuses.filter((status) => status === 503).length,
      statuses.filter((status) => status === 401).length,
    ]).toEqual([1, 32]);
    expect((await receiver.handle(signedWebhook('a'))).status).toBe(200);
  });

  it('writes to stderr what nobody listens for', async () => {
    const written = jest.spyOn(console, 'error').mockImplementation(() => {});
    const error = new Error('no');
    await receiving({ handler: () => Promise.reject(error) }).handle(signedWebhook('a'));
    expect(written.mock.calls).toEqual([['webhook a was not handled:', error]]);
    written.mockRestore();
  });

  it('refuses a body that ends in the middle', async () => {
    const torn = (async function* () {
      yield Buffer.from('{');
      throw new Error('aborted');
    })();
    expect(await receiving().handle({ headers, body: torn })).toMatchObject({ status: 400 });
  });

  it('prunes on after the clock was set back', async () => {
    const prune = jest.fn(async () => false);
    const receiver = receiving({ store: { ...memoryStore(), prune } });
    const wrong = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 100_000);
    await receiver.handle(signedWebhook('a'));
    wrong.mockRestore();
    const later = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 61_000);
    await receiver.handle(signedWebhook('b'));
    later.mockRestore();
    await new Promise(setImmediate);
    expect(prune).toHaveBeenCalledTimes(2);
  });

  it('prunes after the answer, again at once while there is more, and reports what went wrong', async () => {
    const answers = [true, false, true];
    let pruned = 0;
    const prune = async () => answers[pruned++] === true;
    const receiver = receiving({ store: { ...memoryStore(), prune } });
    for (const id of ['a', 'b', 'c', 'd']) {
      await receiver.handle(signedWebhook(id));
      await new Promise(setImmediate);
    }
    expect(pruned).toBe(2);

    const onError = jest.fn();
    const failing = { ...memoryStore(), prune: () => Promise.reject(new Error('no connection')) };
    expect((await receiving({ store: failing, onError }).handle(signedWebhook('a'))).status).toBe(200);
    await new Promise(setImmediate);
    expect(onError.mock.calls).toEqual([[expect.any(Error), '']]);
  });
});

test('jobherald/receiver loads no package, and no server or database of Node either', () => {
  const root = join(__dirname, '../..');
  const program = `
    const Module = require('node:module');
    const loaded = new Set();
    const load = Module._load;
    Module._load = (request, parent, ...rest) => {
      if (parent?.filename?.startsWith(${JSON.stringify(join(root, 'src'))}) && !request.startsWith('.')) loaded.add(request);
      return load(request, parent, ...rest);
    };
    require(${JSON.stringify(join(root, 'src/receiver/index.ts'))});
    process.stdout.write(JSON.stringify([...loaded]));`;
  const hook = join(root, 'scripts/typescript-hook.js');
  const output = execFileSync(process.execPath, ['--require', hook, '-e', program], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual(['node:crypto']);
});
