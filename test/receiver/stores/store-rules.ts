import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { createReceiver, type Handler, type Store } from '../../../src/receiver';
import { eventually } from '../../support/eventually';
import { TEST_SECRET } from '../../support/test-config';
import { signedWebhook } from '../signed-webhook';

/** A store with a place for effects beside it. */
export interface StoreUnderTest<Context> {
  /** Two that share what they remember, as two processes have them; of old they remember nothing. */
  open(options?: { readonly forgetAfter?: string }): readonly [Store<Context>, Store<Context>];
  /** Has the effect of a webhook, which is to count it. */
  effect(id: string, context: Context): unknown;
  /** How often it had its effect. */
  effects(id: string): number | Promise<number>;
}

/** The rules of every store, whatever it is made of. */
export function itKeepsTheRules<Context>(underTest: () => StoreUnderTest<Context>): void {
  let id: string;
  beforeEach(() => {
    id = randomUUID();
  });

  const effect: Handler<Context> = async (webhook, context) => {
    await underTest().effect(webhook.id, context);
  };
  const receiving = (store: Store<Context>, handler = effect, name = 'orders') =>
    createReceiver({ name, store, secrets: [TEST_SECRET], handler, onError: () => {} });

  it('has the effect once and calls what comes later a duplicate', async () => {
    const [first, second] = underTest()
      .open()
      .map((store) => receiving(store));
    expect(await first?.handle(signedWebhook(id))).toMatchObject({ status: 200, body: 'handled\n' });
    for (const receiver of [first, second]) {
      const answer = await receiver?.handle(signedWebhook(id));
      expect(answer).toMatchObject({ status: 200, headers: { 'x-webhook-duplicate': 'true' } });
    }
    expect(await underTest().effects(id)).toBe(1);
  });

  it('has one effect of two copies that connect at once, a hundred times over', async () => {
    const [first, second] = underTest().open();
    const slow: Handler<Context> = async (webhook, context) => {
      await turn();
      await effect(webhook, context);
      await turn();
    };
    const receivers = [receiving(first, slow), receiving(second, slow), receiving(first, slow)];
    for (let round = 0; round < 100; round++) {
      const copy = `${id}-${round}`;
      const answers = await Promise.all(receivers.map((receiver) => receiver.handle(signedWebhook(copy))));
      const texts = answers.map(({ status, body }) => `${status} ${body.split(/[:\n]/)[0]}`);
      expect(texts.filter((text) => text === '200 handled')).toHaveLength(1);
      expect(texts.filter((text) => !['200 handled', '200 duplicate', '409 busy'].includes(text))).toEqual([]);
      expect(await underTest().effects(copy)).toBe(1);
    }
  });

  it('answers 409 with Retry-After to a copy that arrives while the first is being handled', async () => {
    const [here, there] = underTest().open();
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let begun = false;
    const held: Handler<Context> = async (webhook, context) => {
      await effect(webhook, context);
      begun = true;
      await finished;
    };
    const first = receiving(here, held).handle(signedWebhook(id));
    await eventually('the first is being handled', () => begun);
    for (const store of [here, there]) {
      const answer = await receiving(store).handle(signedWebhook(id));
      expect(answer).toMatchObject({ status: 409, headers: { 'retry-after': '5' } });
    }
    finish();
    expect((await first).body).toBe('handled\n');
    expect((await receiving(there).handle(signedWebhook(id))).headers).toHaveProperty('x-webhook-duplicate');
    expect(await underTest().effects(id)).toBe(1);
  });

  it('remembers nothing of a handler that failed, so that the next attempt is handled', async () => {
    const [store] = underTest().open();
    const failing = receiving(store, () => Promise.reject(new Error('the database is away')));
    expect((await failing.handle(signedWebhook(id))).status).toBe(500);
    expect((await receiving(store).handle(signedWebhook(id))).body).toBe('handled\n');
    expect(await underTest().effects(id)).toBe(1);
  });

  it('takes back what a handler did that takes too long, and lets others go on', async () => {
    const [store] = underTest().open();
    const parts = { name: 'orders', store, secrets: [TEST_SECRET], onError: () => {} };
    const stuck = createReceiver<Context>({ ...parts, timeout: '100ms', handler: () => new Promise(() => {}) });
    const first = stuck.handle(signedWebhook(id));
    const second = receiving(store).handle(signedWebhook(`${id}-2`));
    expect((await first).status).toBe(503);
    expect((await second).body).toBe('handled\n');
    // Until the database has taken everything back, which the answer does not wait for, a copy is told to come again.
    const again = async () => (await receiving(store).handle(signedWebhook(id))).body;
    await eventually('the next attempt is handled', async () => (await again()) === 'handled\n');
    expect(await underTest().effects(id)).toBe(1);
  });

  it('lets two receivers of different names each have their effect', async () => {
    const [store] = underTest().open();
    for (const name of ['orders', 'billing', 'orders', 'billing']) {
      await receiving(store, effect, name).handle(signedWebhook(id));
    }
    expect(await underTest().effects(id)).toBe(2);
  });

  it('handles many different webhooks that connect together', async () => {
    const receiver = receiving(underTest().open()[0]);
    const ids = Array.from({ length: 20 }, (_, index) => `${id}-${index}`);
    const answers = await Promise.all(ids.map((each) => receiver.handle(signedWebhook(each))));
    expect(answers.map(({ body }) => body)).toEqual(Array(20).fill('handled\n'));
  });

  it('forgets after a while, and handles it then as if it were new', async () => {
    const [store] = underTest().open({ forgetAfter: '100ms' });
    const receiver = receiving(store);
    await receiver.handle(signedWebhook(id));
    await eventually('it is forgotten', async () => (await receiver.handle(signedWebhook(id))).body === 'handled\n');
    expect(await underTest().effects(id)).toBe(2);
  });

  it('can be set up again, also by two at once', async () => {
    const [first, second] = underTest().open();
    await Promise.all([first.setUp(), second.setUp()]);
    await first.setUp();
    expect((await receiving(first).handle(signedWebhook(id))).body).toBe('handled\n');
  });
}
