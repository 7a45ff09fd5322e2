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
}

export async function buildForBench(): Promise<void> {
  const [built] = await once(spawn(process.execPath, BUILD, { stdio: 'inherit' }), 'close');
  if (built !== 0) throw new Error('the build failed');
}

/**
 * Submits so many jobs through the gateway, of one project and location, and waits until each was asked about once.
 * @param url of the receiver
 */
export async function withOpenJobs<T>(count: number, url: string, use: (open: OpenJobs) => Promise<T>): Promise<T> {
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
    const jobs = await submitJobs(count, originOf(gatewayPort), vertexAi);
    const wereAsked = () => new Set(vertexAi.calls.map(({ name }) => name)).size >= count;
    await eventually('each was asked about', wereAsked, { withinMs: Math.max(900_000, count * FIRST_LOOK_WITHIN_MS) });
    return await use({
      jobs,
      vertexAi,
      temporal,
      worker: { pid: pidOf(worker), origin: originOf(workerPort) },
      gateway: { pid: pidOf(gateway), origin: originOf(gatewayPort) },
    });
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

async function submitJobs(count: number, origin: string, vertexAi: VertexAiEmulator): Promise<readonly string[]> {
  const pool = new Pool(origin, { connections: AT_ONCE });
  const jobs: string[] = [];
  const submitInTurn = async () => {
    while (jobs.length < count) {
      const job = `projects/123/locations/us-central1/batchPredictionJobs/${jobs.length + 1}`;
      jobs.push(job);
      vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING' });
      const body = JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] });
      await eventually(`${job} is submitted`, () => isCreated(pool, body), { withinMs: 60_000 });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, submitInTurn));
  await pool.close();
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
