import { judge, slope } from '../../../faults/soak/judge';

const MIB = 1024 * 1024;
const samples = (process: string, rssMib: (i: number) => number, handles: (i: number) => number = () => 40, pid = 1) =>
  Array.from({ length: 100 }, (_, i) => ({
    process,
    pid,
    atMs: i * 3_000,
    rss: rssMib(i) * MIB,
    handles: handles(i),
  }));

const isFlat = (...all: Parameters<typeof samples>) => judge(samples(...all))[0]?.is_flat;

describe('a process is', () => {
  it('flat where it only breathes', () => {
    expect(isFlat('worker-1', (i) => 300 + (i % 7) * 4)).toBe(true);
  });

  it('flat where it grew in the first half, while its caches filled', () => {
    expect(isFlat('worker-1', (i) => (i < 50 ? 100 + i * 4 : 300))).toBe(true);
  });

  it('not flat where its memory grows to the end', () => {
    expect(isFlat('worker-1', (i) => 100 + i * 2)).toBe(false);
  });

  it('not flat where its handles grow to the end', () => {
    expect(
      isFlat(
        'gateway-1',
        () => 100,
        (i) => 40 + i,
      ),
    ).toBe(false);
  });

  it('judged by its last life only', () => {
    const lives = [...samples('worker-1', (i) => 100 + i * 9), ...samples('worker-1', () => 200, undefined, 2)];
    expect(judge(lives)).toEqual([expect.objectContaining({ is_flat: true, samples: 50 })]);
  });

  it('reported and not judged where it is somebody else’s', () => {
    expect(judge(samples('temporal', (i) => 100 + i * 9))).toEqual([expect.objectContaining({ is_flat: true })]);
  });
});

test('growth is reported for the second half, and for an hour', () => {
  const [one] = judge(samples('worker-1', (i) => 100 + i));
  expect(one?.rss_mib.growth).toBeCloseTo(49);
  expect(one?.rss_mib.growth_per_hour).toBeCloseTo(1_200);
});

test('the slope is that of the line that fits best, and 0 of a single point', () => {
  expect(slope([0, 1, 2, 3].map((x) => ({ x, y: 2 * x + 1 })))).toBeCloseTo(2);
  expect(slope([{ x: 1, y: 1 }])).toBe(0);
});
