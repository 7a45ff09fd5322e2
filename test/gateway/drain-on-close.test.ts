import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '../support/eventually';
import { closeGateways, JOB_PATH, SUBMISSION, startGateway } from './harness';

afterEach(closeGateways);

function gate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

test('closing lets a request in flight finish and then its connection go', async () => {
  const gateway = await startGateway();
  await gateway.post('/v1/jobs', SUBMISSION);
  const { promise, open } = gate();
  let asked = false;
  gateway.jobs.waitFor({
    // biome-ignore lint/suspicious/noThenProperty: tells when the handler has begun to wait
    then: (...args: Parameters<Promise<void>['then']>) => {
      asked = true;
      return promise.then(...args);
    },
  } as Promise<void>);

  const agent = new Agent({ keepAlive: true });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    const sent: ClientRequest = httpRequest(gateway.origin + JOB_PATH, { agent }, resolve);
    sent.on('error', reject).end();
  });
  await eventually('the handler waits', () => asked);

  const closed = gateway.gateway.close();
  await expect(fetch(`${gateway.origin}/healthz`)).rejects.toThrow();
  open();

  const answer = await answered;
  answer.resume();
  expect({ status: answer.statusCode, connection: answer.headers.connection }).toEqual({
    status: 200,
    connection: 'close',
  });
  await closed;
  agent.destroy();
});

test('closing does not wait for idle keep-alive connections', async () => {
  const gateway = await startGateway();
  const agent = new Agent({ keepAlive: true });
  await new Promise<void>((resolve) => {
    httpRequest(`${gateway.origin}/healthz`, { agent }, (answer) => answer.on('end', resolve).resume()).end();
  });
  await gateway.gateway.close();
  agent.destroy();
});

test('closing cuts a client that never finishes its request', async () => {
  const gateway = await startGateway({ timeouts: { closeMs: 50 } });
  const { hostname, port } = new URL(gateway.origin);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const gone = new Promise((resolve) => socket.on('close', resolve));
  socket.write(`POST /v1/jobs HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 100\r\n\r\n{`);
  // Answered after the bytes above were read: the connection has a request in progress.
  await gateway.fetch('/healthz');
  await gateway.gateway.close();
  await gone;
});

test.each([
  ['its headers', 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\na: '],
  ['its body', 'POST /v1/jobs HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{'],
])('a client that dribbles %s is answered 408 and cut', async (_name, bytes) => {
  const gateway = await startGateway({ timeouts: { headersMs: 50, requestMs: 100, checkMs: 20 } });
  const { hostname, port } = new URL(gateway.origin);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.write(bytes);
  });
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(answer).toContain('"code":"request_timeout"');
});

test('a handler that takes too long is answered 503', async () => {
  const gateway = await startGateway({ timeouts: { handlerMs: 20 } });
  const { promise, open } = gate();
  gateway.jobs.waitFor(promise);
  const response = await gateway.fetch(JOB_PATH);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'unavailable' });
  open();
});
