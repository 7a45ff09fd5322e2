import { setTimeout as sleep } from 'node:timers/promises';
import { buildForBench, withOpenJobs } from './open-jobs';
import { percentile } from './statistics';

/** `JOBHERALD_BENCH_OPEN_JOBS=100,20000` measures others. */
const OPEN_JOBS = (process.env['JOBHERALD_BENCH_OPEN_JOBS'] ?? '100,1000,5000').split(',').map(Number);
const SETTLE_MS = 15_000;
const SAMPLES = 20;
const SAMPLE_EVERY_MS = 500;
const MIB = 1024 * 1024;
/** Nobody listens there, and nothing is to be delivered. */
const NOWHERE = 'http://127.0.0.1:9/hook';

/**
 * What a worker and a gateway weigh while so many jobs are open and watched. Each figure is a fresh worker and a fresh
 * gateway on a fresh in-memory server.
 */
export async function benchMemory() {
  await buildForBench();
  const weighed: Weighed[] = [];
  for (const jobs of OPEN_JOBS) weighed.push(await weigh(jobs));
  const [first] = weighed;
  return {
    weighed: weighed.map(({ open_jobs, worker, gateway }) => ({
      open_jobs,
      worker: { ...worker, ratio: ratio(worker, first?.worker) },
      gateway: { ...gateway, ratio: ratio(gateway, first?.gateway) },
    })),
  };
}

function ratio(weight: Weight, to: Weight | undefined): number {
  return Number((weight.rss_mib / (to?.rss_mib ?? Number.NaN)).toPrecision(3));
}

interface Weighed {
  readonly open_jobs: number;
  readonly worker: Weight;
  readonly gateway: Weight;
}

interface Weight {
  /** Resident memory of the whole process, median after settling. */
  readonly rss_mib: number;
  readonly peak_rss_mib: number;
  /** Of the main thread. */
  readonly heap_used_mib: number;
}

function weigh(openJobs: number): Promise<Weighed> {
  return withOpenJobs(openJobs, NOWHERE, async (open) => {
    await sleep(SETTLE_MS);
    const [worker, gateway] = await Promise.all([weight(open.worker.origin), weight(open.gateway.origin)]);
    return { open_jobs: openJobs, worker, gateway };
  });
}

async function weight(origin: string): Promise<Weight> {
  const samples: Sample[] = [];
  while (samples.length < SAMPLES) {
    samples.push(await sample(`${origin}/metrics`));
    await sleep(SAMPLE_EVERY_MS);
  }
  const rss = samples.map((each) => each.rss).sort((a, b) => a - b);
  const heap = samples.map((each) => each.heap).sort((a, b) => a - b);
  return {
    rss_mib: Math.round(percentile(rss, 0.5)),
    peak_rss_mib: Math.round(rss.at(-1) ?? 0),
    heap_used_mib: Math.round(percentile(heap, 0.5)),
  };
}

interface Sample {
  readonly rss: number;
  readonly heap: number;
}

async function sample(url: string): Promise<Sample> {
  const text = await (await fetch(url)).text();
  const mib = (metric: string) => Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1]) / MIB;
  return { rss: mib('process_resident_memory_bytes'), heap: mib('nodejs_heap_size_used_bytes') };
}
