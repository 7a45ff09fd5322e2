import express from 'express';
import { toExpressHandler, toNodeHandler } from '../../../src/receiver';
import { signedWebhook } from '../signed-webhook';
import { itKeepsTheRules, serve, triedReceiver } from './adapter-rules';

describe('the adapter for node:http', () => {
  itKeepsTheRules((receiver) => serve(toNodeHandler(receiver)));

  it('refuses other methods than POST', async () => {
    const { receiver } = triedReceiver();
    const served = await serve(toNodeHandler(receiver));
    const response = await fetch(served.url);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    await served.close();
  });
});

describe('the adapter for Express', () => {
  describe('before any body parser', () => {
    itKeepsTheRules((receiver) => {
      const app = express();
      app.post('/hooks', toExpressHandler(receiver));
      app.use(express.json());
      return serve(app, '/hooks');
    });
  });

  const answerBehind = async (middleware: express.RequestHandler) => {
    const { receiver, handled, refused } = triedReceiver();
    const app = express();
    app.use(middleware);
    app.post('/hooks', toExpressHandler(receiver));
    const served = await serve(app, '/hooks');
    const response = await fetch(served.url, signedWebhook('a', '{ "spaced" : true }'));
    const text = await response.text();
    await served.close();
    return { status: response.status, text, handled, refused };
  };

  it('says what to do behind a parser that has eaten the body', async () => {
    const { status, text, handled, refused } = await answerBehind(express.json());
    expect(status).toBe(401);
    expect(text).toMatch(/^body_reserialized: .*express\.raw/);
    expect(refused).toMatchObject([{ code: 'body_reserialized' }]);
    expect(handled).toEqual([]);
  });

  it('says the same where the body was read and is nowhere', async () => {
    const { status, text } = await answerBehind((request, _response, next) => {
      request.on('end', next).resume();
    });
    expect([status, text.split(':')[0]]).toEqual([401, 'body_reserialized']);
  });

  it.each([
    ['express.raw()', express.raw({ type: '*/*' })],
    ['express.text()', express.text({ type: '*/*' })],
    ['a parser that is for another type', express.urlencoded()],
  ])('works behind %s', async (_name, middleware) => {
    expect(await answerBehind(middleware)).toMatchObject({ status: 200, text: 'handled\n' });
  });

  it('takes the bytes that the functions framework keeps beside what it parsed', async () => {
    const keep = express.json({ verify: (request, _response, bytes) => Object.assign(request, { rawBody: bytes }) });
    expect(await answerBehind(keep)).toMatchObject({ status: 200, text: 'handled\n' });
  });
});
