import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../test/support/eventually';
import { cpuSeconds } from './cpu-time';
import { buildForBench, type OpenJobs, withOpenJobs } from './open-jobs';
import { percentile } from './statistics';

/** `JOBHERALD_BENCH_OPEN_JOBS=600,20000` measures others. */
const OPEN_JOBS = (process.env['JOBHERALD_BENCH_OPEN_JOBS'] ?? '1000').split(',').map(Number);
/** Until the index has every run, and what the submissions left behind is collected. */
const SETTLE_MS = 45_000;
/** While nothing begins, ends or changes state. */
const QUIET_MS = 120_000;
/** Ends that nobody announces, spread over two sweeps. */
const ENDS = 100;
const ENDS_OVER_MS = 60_000;
const MIB = 1024 * 1024;

/**
 * What an open job costs while nothing happens, and how late ends are found that nobody announces: a worker and a gateway
 * as they are shipped, with the defaults, and an emulated Vertex AI that lists as the real one does.
 */
export async function benchWatching() {
  await buildForBench();
  const measured: object[] = [];
  for (const jobs of OPEN_JOBS) measured.push(await measure(jobs));
  return { measured };
}

async function measure(openJobs: number) {
  const receiver = await startTimedReceiver();
  try {
    return await withOpenJobs(openJobs, receiver.url, async (open) => {
      await sleep(SETTLE_MS);
      const quiet = await costWhileQuiet(open);
      const lateSeconds = await latenessOfEnds(open, receiver);
      const at = (p: number) => Math.round(percentile(lateSeconds, p) * 10) / 10;
      return {
        open_jobs: openJobs,
        per_job_and_minute: quiet,
        late_seconds: { median: at(0.5), p95: at(0.95), max: at(1) },
      };
    });
  } finally {
    receiver.close();
  }
}

export async function costWhileQuiet({ jobs, vertexAi, worker, temporal }: OpenJobs) {
  const before = {
    requests: vertexAi.calls.length,
    worker: cpuSeconds(worker.pid),
    server: cpuSeconds(temporal.pid),
  };
  const rss: number[] = [];
  for (const endsAt = performance.now() + QUIET_MS; performance.now() < endsAt; ) {
    const metrics = await (await fetch(`${worker.origin}/metrics`)).text();
    rss.push(Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]) / MIB);
    await sleep(2_000);
  }
  const per = (amount: number) => Number(((amount * 60_000) / QUIET_MS / jobs.length).toPrecision(3));
  const workerSeconds = cpuSeconds(worker.pid) - before.worker;
  return {
    provider_requests: per(vertexAi.calls.length - before.requests),
    worker_cpu_ms: per(workerSeconds * 1000),
    server_cpu_ms: per((cpuSeconds(temporal.pid) - before.server) * 1000),
    worker_percent_of_a_core: Number(((workerSeconds * 100_000) / QUIET_MS).toPrecision(3)),
    worker_rss_mib: {
      median: Math.round(
        percentile(
          rss.sort((a, b) => a - b),
          0.5,
        ),
      ),
      max: Math.round(rss.at(-1) ?? 0),
    },
  };
}

async function latenessOfEnds({ jobs, vertexAi }: OpenJobs, receiver: TimedReceiver): Promise<readonly number[]> {
  const endedAt = new Map<string, number>();
  const step = Math.max(1, Math.floor(jobs.length / ENDS));
  const ending = jobs.filter((_, i) => i % step === 0).slice(0, ENDS);
  for (const job of ending) {
    vertexAi.setState(job, { state: 'JOB_STATE_SUCCEEDED' });
    endedAt.set(job, performance.now());
    await sleep(ENDS_OVER_MS / ending.length);
  }
  await eventually('all are notified', () => receiver.notifiedAt.size >= ending.length, { withinMs: 300_000 });
  const late = ending.map((job) => ((receiver.notifiedAt.get(job) ?? Infinity) - (endedAt.get(job) ?? 0)) / 1000);
  return late.sort((a, b) => a - b);
}

interface TimedReceiver {
  readonly url: string;
  /** When each job's end arrived. */
  readonly notifiedAt: ReadonlyMap<string, number>;
  close(): void;
}

async function startTimedReceiver(): Promise<TimedReceiver> {
  const notifiedAt = new Map<string, number>();
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { type, data } = JSON.parse(text) as { type: string; data: { job: string } };
    if (type === 'job.succeeded') notifiedAt.set(data.job, performance.now());
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    notifiedAt,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
