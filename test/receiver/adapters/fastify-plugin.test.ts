import fastify from 'fastify';
import { toFastifyPlugin } from '../../../src/receiver';
import { signedWebhook } from '../signed-webhook';
import { itKeepsTheRules, triedReceiver } from './adapter-rules';

describe('the adapter for Fastify', () => {
  itKeepsTheRules(async (receiver) => {
    const app = fastify({ forceCloseConnections: true });
    await app.register(toFastifyPlugin(receiver), { prefix: '/hooks' });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    return { url: `${url}/hooks`, close: () => app.close() };
  });

  it("leaves the app's other routes their parsers", async () => {
    const app = fastify({ forceCloseConnections: true });
    await app.register(toFastifyPlugin(triedReceiver().receiver), { prefix: '/hooks' });
    app.post('/json', async ({ body }) => ({ got: body }));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const asJson = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
    expect(await (await fetch(`${url}/json`, asJson)).json()).toEqual({ got: { a: 1 } });
    expect((await fetch(`${url}/hooks`, signedWebhook('a'))).status).toBe(200);
    await app.close();
  });
});
