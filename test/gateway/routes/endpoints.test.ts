import { closeGateways, startGateway } from '../harness';

afterEach(closeGateways);

describe('the endpoint routes', () => {
  it('show an endpoint', async () => {
    const { fetch } = await startGateway();
    const answer = await fetch('/v1/endpoints/orders');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ name: 'orders', type: 'webhook', state: 'active' });
  });

  it('list the configured ones, of which a token sees those that it may name', async () => {
    const tokens = [
      { name: 'all', token: 'a' },
      { name: 'other', token: 'b', endpoints: ['audit'] },
    ];
    const { fetch } = await startGateway({ tokens });
    const list = async (token: string) =>
      (await fetch('/v1/endpoints', { headers: { authorization: `Bearer ${token}` } })).json();
    expect(await list('a')).toMatchObject({ endpoints: [{ name: 'orders', state: 'active' }] });
    expect(await list('b')).toEqual({ endpoints: [] });
  });

  it('pause it and resume it, answering with what it is then', async () => {
    const { post } = await startGateway();
    const paused = await post('/v1/endpoints/orders/pause');
    expect([paused.status, await paused.json()]).toEqual([200, expect.objectContaining({ state: 'paused' })]);
    const resumed = await post('/v1/endpoints/orders/resume');
    expect([resumed.status, await resumed.json()]).toEqual([200, expect.objectContaining({ state: 'active' })]);
  });

  it('answer 202 to a test', async () => {
    const { post } = await startGateway();
    const answer = await post('/v1/endpoints/orders/test');
    expect([answer.status, await answer.json()]).toEqual([202, { accepted: true }]);
  });

  it.each(['', '/pause', '/resume', '/test'])(
    'answer 404 for an endpoint that is not configured (%s)',
    async (verb) => {
      const { fetch } = await startGateway();
      const answer = await fetch(`/v1/endpoints/nope${verb}`, { method: verb === '' ? 'GET' : 'POST' });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'not_found', detail: expect.stringContaining('nope') });
    },
  );

  it('need a token where there are tokens', async () => {
    const { post } = await startGateway({ tokens: [{ name: 'ci', token: 'secret' }] });
    expect((await post('/v1/endpoints/orders/pause')).status).toBe(401);
  });
});
