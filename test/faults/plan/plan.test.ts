import { behaviourOf, planClock, TAKES } from '../../../faults/plan/behaviour';
import { planJob } from '../../../faults/plan/job';
import { planKills } from '../../../faults/plan/kills';
import { LOADS } from '../../../faults/plan/load';
import { SYSTEM_NAMES, VICTIMS } from '../../../faults/plan/names';
import { makePlan } from '../../../faults/plan/plan';
import { random, uuidFrom } from '../../../faults/plan/random';

const OPTIONS = {
  seed: '7',
  jobs: 400,
  phaseMs: 60_000,
  systems: SYSTEM_NAMES,
  victims: VICTIMS,
  spacing: 'random',
  loads: 0.25,
} as const;

describe('a plan', () => {
  const plan = makePlan(OPTIONS);
  const hints = plan.jobs.flatMap((job) => job.hints);

  it('is the same for the same seed, and another for another', () => {
    expect(makePlan(OPTIONS)).toEqual(plan);
    expect(makePlan({ ...OPTIONS, seed: '8' })).not.toEqual(plan);
  });

  it('spreads its jobs evenly over the systems, and submits all of them while faults are made', () => {
    for (const system of SYSTEM_NAMES) expect(plan.jobs.filter((job) => job.system === system)).toHaveLength(100);
    expect(plan.jobs.every(({ submitAtMs }) => submitAtMs >= 0 && submitAtMs < OPTIONS.phaseMs)).toBe(true);
  });

  it('has hints that are lost, doubled, late and forged, and forged ones never claim what is so', () => {
    expect(plan.jobs.some((job) => job.hints.length === 0)).toBe(true);
    expect(hints.some(({ copies }) => copies > 1)).toBe(true);
    expect(hints.some(({ afterEndMs, isForged }) => !isForged && afterEndMs > 4_000)).toBe(true);
    expect(hints.some(({ afterEndMs, isForged }) => isForged && afterEndMs < 0)).toBe(true);
    expect(plan.jobs.every(({ end, hints }) => hints.every((hint) => hint.isForged === (hint.claims !== end)))).toBe(
      true,
    );
  });

  it('never sends an honest hint before the end', () => {
    expect(hints.every(({ isForged, afterEndMs }) => isForged || afterEndMs >= 0)).toBe(true);
  });

  it('has jobs that ended before they are submitted, and jobs that two clients submit at once', () => {
    expect(plan.jobs.some(({ endsAfterMs }) => endsAfterMs < 0)).toBe(true);
    expect(plan.jobs.some(({ submissions }) => submissions === 2)).toBe(true);
  });

  it('gives a share of the jobs of each system a hostile load, all of its kinds, and others for another seed', () => {
    for (const system of SYSTEM_NAMES) {
      const loads = plan.jobs.flatMap((job) => (job.system === system && job.load ? [job.load] : []));
      expect(loads).toHaveLength(25);
      expect(new Set(loads)).toEqual(new Set(LOADS[system]));
    }
    const jobsWithLoad = (seed: string) =>
      makePlan({ ...OPTIONS, seed }).jobs.flatMap((job) =>
        job.load ? [`${job.system} ${job.index} ${job.load}`] : [],
      );
    expect(jobsWithLoad('8')).not.toEqual(jobsWithLoad('7'));
    expect(makePlan({ ...OPTIONS, loads: 0 }).jobs.some(({ load }) => load)).toBe(false);
  });

  it('submits at a steady rate where that is asked for', () => {
    const { jobs } = makePlan({ ...OPTIONS, jobs: 60, spacing: 'steady' });
    expect(jobs.map(({ submitAtMs }) => submitAtMs)).toEqual(Array.from({ length: 60 }, (_, i) => i * 1_000));
  });

  it('kills nobody where nobody may be killed', () => {
    expect(makePlan({ ...OPTIONS, victims: [] }).kills).toEqual([]);
  });

  it('has one job whatever the others are', () => {
    expect(planJob('7', 'monai', 12, 0)).toEqual(planJob('7', 'monai', 12, 0));
    expect(planJob('7', 'monai', 12, 0).hints).not.toBe(planJob('7', 'monai', 13, 0).hints);
  });
});

describe('the kills of a plan', () => {
  it.each(['1', '2', '3', '4', '5'])('reach everyone once without warning, while faults are made (seed %s)', (seed) => {
    const kills = planKills(seed, VICTIMS, 60_000);
    for (const victim of VICTIMS) {
      expect(kills).toContainEqual(expect.objectContaining({ victim, signal: 'SIGKILL' }));
    }
    expect(kills.every(({ atMs }) => atMs >= 4_000 && atMs < 60_000)).toBe(true);
  });

  it('come in their order', () => {
    const times = planKills('1', VICTIMS, 60_000).map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('a receiver', () => {
  const ids = Array.from({ length: 500 }, (_, i) => uuidFrom(`id-${i}`));
  const seen = (attempt: number) => ids.map((id) => behaviourOf('1', 'orders', id, attempt));

  it('misbehaves in every way, with half of the first attempts', () => {
    expect(new Set(seen(1)).size).toBe(13);
    expect(seen(1).filter((behaviour) => behaviour === 'ok').length).toBeGreaterThan(200);
  });

  it('behaves from the fifth attempt on', () => {
    expect(new Set(seen(5))).toEqual(new Set(['ok']));
  });

  it('behaves always where no share is misbehaved with', () => {
    expect(behaviourOf('1', 'orders', 'any', 1, 0)).toBe('ok');
  });

  it('takes an attempt also where its sender never hears of it', () => {
    expect([...TAKES]).toEqual(expect.arrayContaining(['hang_up', 'silence', 'interim', 'long_headers']));
  });

  it('has a clock that is off by more than is tolerated, and then by less', () => {
    const [first, last] = planClock('1', 'books', 60_000);
    expect(Math.abs(first?.offMs ?? 0)).toBeGreaterThan(300_000);
    expect(Math.abs(last?.offMs ?? 0)).toBeLessThan(300_000);
    expect(first?.untilMs).toBeLessThan(60_000);
  });
});

describe('what is drawn', () => {
  it('is spread over the whole range', () => {
    const draw = random('spread');
    const drawn = Array.from({ length: 2_000 }, () => draw.between(1, 6));
    expect(new Set(drawn)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });

  it('cannot be drawn from nothing', () => {
    expect(() => random('x').pick([])).toThrow('nothing to pick from');
  });

  it('makes UUIDs of version 4', () => {
    expect(uuidFrom('x')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
