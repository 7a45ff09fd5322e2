import { toNodeHandler } from '../../../src/receiver';
import { itKeepsTheRules, serve, triedReceiver } from './adapter-rules';

describe('the adapter for node:http', () => {
  itKeepsTheRules((receiver) => serve(toNodeHandler(receiver)));

  it('refuses what is no POST', async () => {
    const { receiver } = triedReceiver();
    const served = await serve(toNodeHandler(receiver));
    const response = await fetch(served.url);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    await served.close();
  });
});
