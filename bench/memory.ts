import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { createTemporalJobs } from '../src/client/temporal-jobs';
import { loadConfig } from '../src/config/load-config';
import { startVertexAiEmulator, type VertexAiEmulator } from '../src/emulators/vertex-ai/emulator';
import { createProviders } from '../src/providers/registry';
import { dialClient } from '../src/temporal/dial-client';
import { writeConfig } from '../test/support/bin-config';
import { freePort } from '../test/support/free-port';
import { startBenchTemporal } from './bench-temporal';
import { percentile } from './spread';

/** `JOBHERALD_BENCH_OPEN_JOBS=100,20000` measures others. */
const OPEN_JOBS = (process.env['JOBHERALD_BENCH_OPEN_JOBS'] ?? '100,1000,5000').split(',').map(Number);
const AT_ONCE = 25;
const SETTLE_MS = 15_000;
const SAMPLES = 20;
const SAMPLE_EVERY_MS = 500;
const MIB = 1024 * 1024;

const BIN = resolve(__dirname, '../dist/src/cli/main.js');
const BUILD = resolve(__dirname, '../scripts/build.mts');

/**
 * What a worker weighs while so many jobs are open. Each figure is a fresh `jobherald worker`, built as it is shipped,
 * on a fresh in-memory server; its jobs run at an emulated Vertex AI and are polled as the defaults say.
 */
export async function benchMemory() {
  const [built] = await once(spawn(process.execPath, [BUILD], { stdio: 'inherit' }), 'close');
  if (built !== 0) throw new Error('the build failed');
  const weighed: Weight[] = [];
  for (const jobs of OPEN_JOBS) weighed.push(await weigh(jobs));
  const first = weighed[0]?.rss_mib ?? Number.NaN;
  return { weighed: weighed.map((weight) => ({ ...weight, ratio: Number((weight.rss_mib / first).toPrecision(3)) })) };
}

interface Weight {
  readonly open_jobs: number;
  /** Resident memory of the whole process, median after settling. */
  readonly rss_mib: number;
  readonly peak_rss_mib: number;
  /** Of the main thread. */
  readonly heap_used_mib: number;
}

async function weigh(openJobs: number): Promise<Weight> {
  const folder = mkdtempSync(join(tmpdir(), 'jobherald-bench-'));
  const temporal = await startBenchTemporal();
  const vertexAi = await startVertexAiEmulator();
  const port = await freePort();
  writeConfig(folder, {
    temporal: { address: temporal.address },
    worker: { port },
    endpoints: [{ name: 'orders', url: 'http://127.0.0.1:9/hook', secret: 'orders' }] as never,
    providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true } },
  });
  const worker = spawn(process.execPath, [BIN, 'worker'], { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] });
  try {
    await submitJobs(openJobs, folder, vertexAi);
    await untilAllWereAsked(openJobs, vertexAi);
    await sleep(SETTLE_MS);
    const samples: Sample[] = [];
    while (samples.length < SAMPLES) {
      samples.push(await sample(`http://127.0.0.1:${port}/metrics`));
      await sleep(SAMPLE_EVERY_MS);
    }
    const rss = samples.map((each) => each.rss).sort((a, b) => a - b);
    const heap = samples.map((each) => each.heap).sort((a, b) => a - b);
    return {
      open_jobs: openJobs,
      rss_mib: Math.round(percentile(rss, 0.5)),
      peak_rss_mib: Math.round(rss.at(-1) ?? 0),
      heap_used_mib: Math.round(percentile(heap, 0.5)),
    };
  } finally {
    worker.kill('SIGKILL');
    await vertexAi.close();
    await temporal.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function submitJobs(count: number, folder: string, vertexAi: VertexAiEmulator): Promise<void> {
  const config = loadConfig({ env: {}, cwd: folder });
  const connection = await dialClient({ address: config.temporal.address });
  const providers = createProviders(config, { warn: () => undefined });
  const jobs = createTemporalJobs({ client: new Client({ connection }), config, providers });
  let next = 0;
  const submitInTurn = async () => {
    while (next < count) {
      const name = `projects/123/locations/us-central1/batchPredictionJobs/${++next}`;
      vertexAi.putJob({ name, state: 'JOB_STATE_RUNNING' });
      await jobs.submit({ provider: 'vertex-ai', job: name, endpoints: ['orders'] });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, submitInTurn));
  await Promise.all([...providers.values()].map((provider) => provider.close()));
  await connection.close();
}

async function untilAllWereAsked(count: number, { calls }: VertexAiEmulator): Promise<void> {
  while (new Set(calls.map(({ name }) => name)).size < count) await sleep(500);
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
