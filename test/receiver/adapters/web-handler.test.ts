import { toWebHandler } from '../../../src/receiver';
import { signedWebhook } from '../signed-webhook';
import { triedReceiver } from './adapter-rules';

const URL = 'https://orders.example.com/hooks';

describe("the adapter for Fetch's Request", () => {
  it('hands the bytes over as they came, and says of a copy that it is a duplicate', async () => {
    const { receiver, handled } = triedReceiver();
    const handle = toWebHandler(receiver);
    const body = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    const first = await handle(new Request(URL, signedWebhook('a', body)));
    expect([first.status, await first.text()]).toEqual([200, 'handled\n']);
    const second = await handle(new Request(URL, signedWebhook('a', body)));
    expect([second.status, second.headers.get('x-webhook-duplicate')]).toEqual([200, 'true']);
    expect(handled.map(({ body }) => Buffer.from(body))).toEqual([body]);
  });

  it.each([
    ['wrong_key', 401, () => new Request(URL, { ...signedWebhook('a'), body: 'another' })],
    ['missing_header', 401, () => new Request(URL, { method: 'POST' })],
    ['body_too_large', 413, () => new Request(URL, signedWebhook('a', Buffer.alloc(200_001)))],
    ['method_not_allowed', 405, () => new Request(URL)],
  ])('refuses with %s', async (code, status, request) => {
    const response = await toWebHandler(triedReceiver().receiver)(request());
    expect([response.status, (await response.text()).split(':')[0]]).toEqual([status, code]);
  });

  it('says so where somebody has read the body', async () => {
    const request = new Request(URL, signedWebhook('a'));
    await request.json();
    const response = await toWebHandler(triedReceiver().receiver)(request);
    expect([response.status, (await response.text()).split(':')[0]]).toEqual([401, 'body_reserialized']);
  });
});
