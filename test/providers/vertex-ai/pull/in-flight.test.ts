import { getEventListeners } from 'node:events';
import { createInFlight } from '../../../../src/providers/vertex-ai/pull/in-flight';

/** Work that ends when it is told to. */
function work() {
  let finish = () => {};
  let begun = false;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return {
    finish: () => finish(),
    begun: () => begun,
    run: () => {
      begun = true;
      return done;
    },
  };
}

const never = new AbortController().signal;

describe('what is in flight', () => {
  it('never exceeds its bound: the next begins when one is finished', async () => {
    const inFlight = createInFlight(2);
    const [a, b, c] = [work(), work(), work()];
    await inFlight.start('a', a.run, never);
    await inFlight.start('b', b.run, never);
    const third = inFlight.start('c', c.run, never);
    // Everything that could run by now has run.
    await new Promise((resolve) => setImmediate(resolve));
    expect(c.begun()).toBe(false);
    expect(inFlight.ackIds).toEqual(['a', 'b']);

    a.finish();
    expect(await third).toBe(true);
    expect(c.begun()).toBe(true);
    expect(inFlight.ackIds).toEqual(['b', 'c']);
  });

  it('begins nothing once the signal has come, even for what waits', async () => {
    const inFlight = createInFlight(1);
    const closing = new AbortController();
    const [a, b] = [work(), work()];
    await inFlight.start('a', a.run, closing.signal);
    const waiting = inFlight.start('b', b.run, closing.signal);
    closing.abort();
    expect(await waiting).toBe(false);
    expect(b.begun()).toBe(false);
  });

  it('leaves nothing behind of a message that had to wait', async () => {
    const inFlight = createInFlight(1);
    const { signal } = new AbortController();
    const first = work();
    await inFlight.start('first', first.run, signal);
    const waiting = inFlight.start('second', async () => undefined, signal);
    first.finish();
    expect(await waiting).toBe(true);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('is finished when all of it is', async () => {
    const inFlight = createInFlight(2);
    const a = work();
    await inFlight.start('a', a.run, never);
    const finished = inFlight.finished();
    a.finish();
    await finished;
    expect(inFlight.ackIds).toEqual([]);
  });
});
