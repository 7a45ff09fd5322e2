import { unlessAborted } from '../../src/async/unless-aborted';

const never = new Promise<never>(() => {});

test('settles as the work does while nobody aborts', async () => {
  const { signal } = new AbortController();

  await expect(unlessAborted(Promise.resolve('done'), signal)).resolves.toBe('done');
  await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
});

test('rejects with the reason as soon as somebody aborts, before or after it began', async () => {
  const controller = new AbortController();
  const waiting = unlessAborted(never, controller.signal);
  controller.abort(new Error('stopping'));

  await expect(waiting).rejects.toThrow('stopping');
  await expect(unlessAborted(never, controller.signal)).rejects.toThrow('stopping');
});

test('work that fails when nobody waits any more harms nobody', async () => {
  const controller = new AbortController();
  const work = Promise.withResolvers<void>();
  const waiting = unlessAborted(work.promise, controller.signal);
  controller.abort(new Error('stopping'));
  work.reject(new Error('late'));

  await expect(waiting).rejects.toThrow('stopping');
});
