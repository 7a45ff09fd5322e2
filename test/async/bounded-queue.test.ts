import { createBoundedQueue } from '../../src/async/bounded-queue';

const full = () => new Error('full');

test('a bounded queue runs so many at once, in order, and refuses what exceeds those that may wait', async () => {
  const queue = createBoundedQueue({ atOnce: 2, waiting: 3, full });
  const began: number[] = [];
  const ends: (() => void)[] = [];
  const work = (n: number) => async () => {
    began.push(n);
    await new Promise<void>((resolve) => ends.push(resolve));
    return n;
  };
  const results = [0, 1, 2, 3, 4].map((n) => queue.run(work(n)));
  await expect(queue.run(work(5))).rejects.toThrow('full');
  expect(began).toEqual([0, 1]);

  ends.shift()?.();
  expect(await results[0]).toBe(0);
  expect(began).toEqual([0, 1, 2]);
  const taken = queue.run(work(6));
  while (ends.length > 0) {
    ends.shift()?.();
    await new Promise(setImmediate);
  }
  expect(await Promise.all([...results, taken])).toEqual([0, 1, 2, 3, 4, 6]);
  expect(began).toEqual([0, 1, 2, 3, 4, 6]);
});

test('work that fails hands on its place, and its error', async () => {
  const queue = createBoundedQueue({ atOnce: 1, waiting: 1, full });
  const failing = queue.run(async () => {
    throw new Error('its own');
  });
  const next = queue.run(async () => 'next');
  await expect(failing).rejects.toThrow('its own');
  expect(await next).toBe('next');
});
