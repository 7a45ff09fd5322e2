import { isLoopback } from '../../../src/gateway/auth/loopback';
import { closeGateways, type RunningGateway, rawRequest, startGateway } from '../harness';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(closeGateways);

describe('a gateway without tokens', () => {
  const PATHS = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/v1/jobs', '/nowhere'];

  test.each(PATHS)('refuses a Host that is not loopback: %s', async (path) => {
    const { status, body } = await rawRequest(gateway.origin, { path, headers: { host: 'rebound.example.com' } });
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ code: 'forbidden' });
  });

  test.each(PATHS)('refuses an Origin, even its own: %s', async (path) => {
    expect((await gateway.fetch(path, { headers: { origin: gateway.origin } })).status).toBe(403);
    expect((await gateway.fetch(path, { headers: { origin: 'null' } })).status).toBe(403);
  });

  test('refuses pushes of either kind too', async () => {
    const headers = { origin: 'https://evil.example.com' };
    expect((await gateway.post('/ingress/pubsub', {}, headers)).status).toBe(403);
    expect((await gateway.post('/ingress/eventarc', {}, headers)).status).toBe(403);
  });

  test('answers every spelling of loopback', async () => {
    for (const host of ['127.0.0.1', 'localhost:9', 'LOCALHOST', '[::1]:80', '127.1.2.3']) {
      expect((await rawRequest(gateway.origin, { headers: { host } })).status).toBe(200);
    }
  });
});

describe('loopback', () => {
  test.each(['127.0.0.1', '127.0.0.1:8080', '127.255.0.1', 'localhost', 'localhost:1', '::1', '[::1]', '[::1]:8080'])(
    'is %s',
    (host) => expect(isLoopback(host)).toBe(true),
  );

  test.each([
    '',
    'example.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '127.example.com',
    '0.0.0.0',
    '10.0.0.1',
    '[::]',
    '[::2]',
    'evil@127.0.0.1',
    '127.0.0.1@evil.com',
    '127.0.0.1/x',
    'localhost#',
    'local host',
  ])('is not %j', (host) => expect(isLoopback(host)).toBe(false));
});
