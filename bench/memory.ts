import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { startVertexAiEmulator, type VertexAiEmulator } from '../src/dev/emulators/vertex-ai/emulator';
import { writeConfig } from '../test/support/bin-config';
import { eventually } from '../test/support/eventually';
import { freePort } from '../test/support/free-port';
import { startBenchTemporal } from './bench-temporal';
import { percentile } from './statistics';

/** `JOBHERALD_BENCH_OPEN_JOBS=100,20000` measures others. */
const OPEN_JOBS = (process.env['JOBHERALD_BENCH_OPEN_JOBS'] ?? '100,1000,5000').split(',').map(Number);
const AT_ONCE = 25;
const SETTLE_MS = 15_000;
const SAMPLES = 20;
const SAMPLE_EVERY_MS = 500;
const MIB = 1024 * 1024;

const BIN = resolve(__dirname, '../dist/src/cli/main.js');
const BUILD = [
  '--require',
  resolve(__dirname, '../scripts/typescript-hook.js'),
  resolve(__dirname, '../scripts/build.ts'),
];

/**
 * What a worker and a gateway weigh while so many jobs are open. Each figure is a fresh `jobherald worker` and a fresh
 * `jobherald gateway`, built as they are shipped, on a fresh in-memory server; the jobs are submitted through the gateway,
 * run at an emulated Vertex AI and are polled as the defaults say.
 */
export async function benchMemory() {
  const [built] = await once(spawn(process.execPath, BUILD, { stdio: 'inherit' }), 'close');
  if (built !== 0) throw new Error('the build failed');
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

async function weigh(openJobs: number): Promise<Weighed> {
  const folder = mkdtempSync(join(tmpdir(), 'jobherald-bench-'));
  const temporal = await startBenchTemporal();
  const vertexAi = await startVertexAiEmulator();
  const [workerPort, gatewayPort] = [await freePort(), await freePort()];
  writeConfig(folder, {
    temporal: { address: temporal.address },
    worker: { port: workerPort },
    gateway: { port: gatewayPort },
    endpoints: [{ name: 'orders', url: 'http://127.0.0.1:9/hook', secret: 'orders' }] as never,
    providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true } },
  });
  const start = (command: string) => spawn(process.execPath, [BIN, command], { cwd: folder, stdio: 'ignore' });
  const processes = [start('worker'), start('gateway')];
  const originOf = (port: number) => `http://127.0.0.1:${port}`;
  try {
    const isReady = async () => (await fetch(`${originOf(gatewayPort)}/readyz`)).ok;
    await eventually('the gateway is ready', isReady, { withinMs: 60_000 });
    await submitJobs(openJobs, originOf(gatewayPort), vertexAi);
    await untilAllWereAsked(openJobs, vertexAi);
    await sleep(SETTLE_MS);
    const [worker, gateway] = await Promise.all([weight(originOf(workerPort)), weight(originOf(gatewayPort))]);
    return { open_jobs: openJobs, worker, gateway };
  } finally {
    for (const each of processes) each.kill('SIGKILL');
    await vertexAi.close();
    await temporal.stop();
    rmSync(folder, { recursive: true, force: true });
  }
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

async function submitJobs(count: number, origin: string, vertexAi: VertexAiEmulator): Promise<void> {
  const pool = new Pool(origin, { connections: AT_ONCE });
  let next = 0;
  const submitInTurn = async () => {
    while (next < count) {
      const job = `projects/123/locations/us-central1/batchPredictionJobs/${++next}`;
      vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING' });
      const body = JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] });
      await eventually(`${job} is submitted`, () => isCreated(pool, body), { withinMs: 60_000 });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, submitInTurn));
  await pool.close();
}

/** False where the gateway asks to try again later, as it may on a busy machine. */
async function isCreated(pool: Pool, submission: string): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  const { statusCode, body } = await pool.request({ method: 'POST', path: '/v1/jobs', headers, body: submission });
  const answer = await body.text();
  if (statusCode !== 201 && statusCode !== 200 && statusCode !== 503) {
    throw new Error(`the gateway answered ${statusCode}: ${answer}`);
  }
  return statusCode !== 503;
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
