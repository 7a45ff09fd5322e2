import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type { InlineEndpoint } from '../../schemas/types';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { beginning, jsonBytes } from '../../src/domain/text-size';
import { failedTasks } from '../support/event-types';
import { eventually } from '../support/eventually';
import { type RealRun, startRealRun } from '../support/real-run';
import { scriptedProvider } from '../support/scripted-provider';
import { boundHolds, CHARACTER, upTo } from './bound-holds';

const ONE_JOB = { withinMs: 240_000 };

/** A job, by what strangers can size of it. */
interface Sizes {
  readonly endpoints: number;
  /** How many of them are down until the job has ended. */
  readonly down: number;
  readonly formats: readonly InlineEndpoint['format'][];
  readonly vars: number;
  readonly metadata: number;
  readonly labels: number;
  readonly character: string;
  readonly reports: number;
  readonly message: number;
  readonly paths: number;
  readonly path: number;
}

const sizes: fc.Arbitrary<Sizes> = fc.record({
  endpoints: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 80, max: 100 })),
  down: upTo(100),
  formats: fc.subarray(['standard', 'cloudevents', 'spec-001', 'tencent-batch', 'monai', 'vertex-ai'] as const, {
    minLength: 1,
  }),
  vars: upTo(2_000),
  metadata: upTo(22_000),
  labels: upTo(10_000),
  character: CHARACTER,
  reports: upTo(40),
  message: upTo(250_000),
  paths: upTo(1_500),
  path: upTo(500),
});

describe('the bounds of a run', () => {
  let run: RealRun;
  let areDown = true;
  const heard = new Map<string, number>();
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const path = request.url ?? '';
      const isDown = areDown && path.includes('/down/');
      if (!isDown && request.headers['content-length'] !== '0') heard.set(path, (heard.get(path) ?? 0) + 1);
      response.writeHead(isDown ? 503 : 204, { 'retry-after': '1' }).end();
    });
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    run = await startRealRun({ provider: scriptedProvider({ rules: { truth: 'messages' } }) });
  });
  afterAll(async () => {
    await run.stop();
    server.closeAllConnections();
    server.close();
  });

  const submit = async (job: string, of: Sizes) => {
    const { port } = server.address() as AddressInfo;
    const text = (bytes: number) => of.character.repeat(bytes / (jsonBytes(of.character) - 2));
    const endpoints = Array.from({ length: of.endpoints }, (_, i): InlineEndpoint => {
      const format = of.formats[i % of.formats.length] ?? 'standard';
      const state = i < of.down ? 'down' : 'up';
      return {
        url: `http://127.0.0.1:${port}/${job}/${state}/${i}`,
        format,
        ...(format === 'spec-001' && { events: ['job.running', 'job.progress', 'job.succeeded'] }),
        ...(of.vars > 0 && format === 'tencent-batch' && { vars: [{ name: `v${i}`, value: text(of.vars) }] }),
      };
    });
    await run.jobs.submit({
      provider: 'scripted',
      job,
      endpoints: endpoints as [InlineEndpoint],
      metadata: { m: text(of.metadata) },
      labels: { l: text(of.labels) },
    });
  };
  const report = (job: string, of: Sizes, status: 'RUNNING' | 'COMPLETED', percentage_completed: number) =>
    run.jobs.report('scripted', job, {
      notification_type: 'STATUS',
      status,
      // What is larger than a STATUS may be no consumer takes.
      message: beginning(of.character.repeat(of.message), 250_000),
      progress: { percentage_completed },
      results: [
        {
          type: 'ABS_FILES',
          primary_resource: 'r',
          storage_account: 'account',
          container: 'container',
          paths: Array.from({ length: Math.max(1, of.paths) }, (_, i) => `${i}${'p'.repeat(of.path)}`),
        },
      ],
    });

  const check = async (of: Sizes) => {
    const job = randomUUID();
    areDown = true;
    try {
      await submit(job, of);
    } catch (error) {
      // What cannot be notified is refused when it is submitted.
      if (error instanceof JobHeraldError && ['unprocessable', 'too_large'].includes(error.code)) return;
      throw error;
    }
    for (let i = 0; i < of.reports; i++) await report(job, of, 'RUNNING', i);
    await report(job, of, 'COMPLETED', 100);
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    const heardBy = (state: string) => [...heard.keys()].filter((path) => path.startsWith(`/${job}/${state}/`)).length;
    const down = Math.min(of.down, of.endpoints);
    await eventually('all that are up are notified', () => heardBy('up') === of.endpoints - down, ONE_JOB);
    if (down > 0) {
      const isPending = async () => {
        const { deliveries } = await run.jobs.get('scripted', job);
        return deliveries.some(({ state, event }) => state === 'pending' && event === 'job.succeeded');
      };
      await eventually('the end is pending for the others', isPending, ONE_JOB);
    }
    areDown = false;
    await eventually('the others are notified', () => heardBy('down') === down, ONE_JOB);
    await eventually('the run ends', async () => (await handle.describe()).status.name === 'COMPLETED', ONE_JOB);
    expect(await failedTasks(handle)).toEqual([]);
    const { state, deliveries_settled } = await run.jobs.get('scripted', job);
    expect({ state, exhausted: deliveries_settled.exhausted }).toEqual({ state: 'COMPLETED', exhausted: 0 });
    heard.clear();
  };

  boundHolds(
    'let no end be lost, whatever is how large and however many there are',
    sizes,
    { runs: 5, withinMs: 900_000 },
    check,
  );
});
