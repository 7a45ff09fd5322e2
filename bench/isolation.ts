import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findTemporalCli } from '../src/temporal/dev-server/find-temporal-cli';
import { startDevServer } from '../src/temporal/dev-server/start-dev-server';
import { freePortWithNeighbour } from '../test/support/free-port';
import { stderrLog as log } from '../test/support/logs';
import { startRealRun } from '../test/support/real-run';
import { SUCCEEDED } from '../test/support/scripted-provider';
import { percentile, spread } from './spread';

const ROUNDS = 5;
const JOBS = 30;
const EVERY_MS = 150;
const HEALTHY = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8'];

/** Ten endpoints, one of which hangs and one of which refuses connections: what the other eight feel of it. */
export async function benchIsolation() {
  const cli = await findTemporalCli({ env: process.env, log });
  const server = await startDevServer({
    cli,
    address: `127.0.0.1:${await freePortWithNeighbour(1_000)}`,
    namespace: 'default',
    log,
  });
  process.env['JOBHERALD_TEST_TEMPORAL'] = server.address;
  process.env['JOBHERALD_TEST_TEMPORAL_UI'] = server.uiUrl;

  const arrivals = new Map<string, number[]>();
  const submittedAt = new Map<string, number>();
  const receivers = await Promise.all(
    [...HEALTHY, 'h9', 'h10'].map((name) => startReceiver(name, submittedAt, arrivals)),
  );
  const hangs = await listen(createServer(() => undefined));
  const url = (port: number) => `http://127.0.0.1:${port}/hook`;
  const endpoints = [
    ...[...HEALTHY, 'h9', 'h10'].map((name, i) => ({ name, url: url(receivers[i]?.port ?? 0) })),
    { name: 'hangs', url: url(hangs.port), timeoutMs: 15_000 },
    { name: 'refuses', url: url(1) },
  ];
  const run = await startRealRun({ endpoints });
  run.provider.says(SUCCEEDED);

  /** p99 in ms from submission to arrival at the eight. */
  const p99 = async (others: readonly string[]) => {
    arrivals.clear();
    const jobs: string[] = [];
    for (let i = 0; i < JOBS; i++) {
      const job = randomUUID();
      jobs.push(job);
      submittedAt.set(job, performance.now());
      void run.jobs.submit({ provider: 'scripted', job, endpoints: [...HEALTHY, ...others] });
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    while (HEALTHY.some((name) => (arrivals.get(name)?.length ?? 0) < JOBS)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const all = HEALTHY.flatMap((name) => arrivals.get(name) ?? []).sort((a, b) => a - b);
    return percentile(all, 0.99);
  };

  await p99(['h9', 'h10']);
  const rounds: { healthy: number; faulty: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    rounds.push({ healthy: await p99(['h9', 'h10']), faulty: await p99(['hangs', 'refuses']) });
  }
  await server.stop();
  return {
    healthy_p99_ms: spread(rounds.map(({ healthy }) => healthy)),
    faulty_p99_ms: spread(rounds.map(({ faulty }) => faulty)),
    ratio: spread(rounds.map(({ healthy, faulty }) => faulty / healthy)),
  };
}

function startReceiver(name: string, submittedAt: Map<string, number>, arrivals: Map<string, number[]>) {
  return listen(
    createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(204).end();
      const { data } = JSON.parse(body) as { data: { job: string } };
      const took = performance.now() - (submittedAt.get(data.job) ?? 0);
      arrivals.set(name, [...(arrivals.get(name) ?? []), took]);
    }),
  );
}

async function listen(server: Server): Promise<{ readonly port: number }> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port };
}
