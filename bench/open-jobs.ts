import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Pool } from 'undici';
import { startVertexAiEmulator, type VertexAiEmulator } from '../src/dev/emulators/vertex-ai/emulator';
import type { DevServer } from '../src/dev/temporal-server/start-dev-server';
import { writeConfig } from '../test/support/bin-config';
import { eventually } from '../test/support/eventually';
import { freePort } from '../test/support/free-port';
import { startBenchTemporal } from './bench-temporal';

const AT_ONCE = 25;
/** A run begins and looks at its job once: some 0.1 s of CPU time of worker and server on a slow machine. */
const FIRST_LOOK_WITHIN_MS = 150;
const BIN = resolve(__dirname, '../dist/src/cli/main.js');
const BUILD = [
  '--require',
  resolve(__dirname, '../scripts/typescript-hook.js'),
  resolve(__dirname, '../scripts/build.ts'),
];

/** A worker and a gateway, built and configured as they are shipped, with jobs that run at an emulated Vertex AI. */
export interface OpenJobs {
  /** Their names at the provider. */
  readonly jobs: readonly string[];
  readonly vertexAi: VertexAiEmulator;
  readonly temporal: DevServer;
  readonly worker: { readonly pid: number; readonly origin: string };
  readonly gateway: { readonly pid: number; readonly origin: string };
  /** Of worker and gateway. */
  readonly configFile: string;
}

export async function buildForBench(): Promise<void> {
  const [built] = await once(spawn(process.execPath, BUILD, { stdio: 'inherit' }), 'close');
  if (built !== 0) throw new Error('the build failed');
}

/** Makes so many jobs of one project and location, running at the provider and with a run each. */
export type MakeJobs = (count: number, open: Omit<OpenJobs, 'jobs'>) => Promise<readonly string[]>;

/**
 * @param url of the receiver
 * @param makeJobs default: {@link submittedJobs}
 */
export async function withOpenJobs<T>(
  count: number,
  url: string,
  use: (open: OpenJobs) => Promise<T>,
  makeJobs: MakeJobs = submittedJobs,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'jobherald-bench-'));
  const temporal = await startBenchTemporal();
  const vertexAi = await startVertexAiEmulator();
  const [workerPort, gatewayPort] = [await freePort(), await freePort()];
  writeConfig(folder, {
    temporal: { address: temporal.address },
    worker: { port: workerPort },
    gateway: { port: gatewayPort },
    endpoints: [{ name: 'orders', url, secret: 'orders' }] as never,
    providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true } },
  });
  const start = (command: string) => spawn(process.execPath, [BIN, command], { cwd: folder, stdio: 'ignore' });
  const [worker, gateway] = [start('worker'), start('gateway')];
  const originOf = (port: number) => `http://127.0.0.1:${port}`;
  try {
    const isReady = async () => (await fetch(`${originOf(gatewayPort)}/readyz`)).ok;
    await eventually('the gateway is ready', isReady, { withinMs: 60_000 });
    const open = {
      vertexAi,
      temporal,
      worker: { pid: pidOf(worker), origin: originOf(workerPort) },
      gateway: { pid: pidOf(gateway), origin: originOf(gatewayPort) },
      configFile: join(folder, 'jobherald.yaml'),
    };
    return await use({ ...open, jobs: await makeJobs(count, open) });
  } finally {
    for (const each of [worker, gateway]) each.kill('SIGKILL');
    await vertexAi.close();
    await temporal.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('a process did not start');
  return pid;
}

/** Submitted through the gateway; each was asked about once. */
const submittedJobs: MakeJobs = async (count, { gateway, vertexAi }) => {
  const pool = new Pool(gateway.origin, { connections: AT_ONCE });
  const jobs = await eachAtOnce(count, async (job) => {
    vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING' });
    const body = JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] });
    await eventually(`${job} is submitted`, () => isCreated(pool, body), { withinMs: 60_000 });
  });
  await pool.close();
  const wereAsked = () => new Set(vertexAi.calls.map(({ name }) => name)).size >= count;
  await eventually('each was asked about', wereAsked, { withinMs: Math.max(900_000, count * FIRST_LOOK_WITHIN_MS) });
  return jobs;
};

/** Makes jobs side by side. */
export async function eachAtOnce(count: number, make: (job: string) => Promise<void>): Promise<readonly string[]> {
  const jobs: string[] = [];
  const makeInTurn = async () => {
    while (jobs.length < count) {
      const job = `projects/123/locations/us-central1/batchPredictionJobs/${jobs.length + 1}`;
      jobs.push(job);
      await make(job);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, makeInTurn));
  return jobs;
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
