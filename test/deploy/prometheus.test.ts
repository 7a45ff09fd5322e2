import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { anyJob } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { endBins, type RunningBin } from '../support/jobherald';
import { DASHBOARD_QUERIES, RULES, RULES_FILE } from '../support/monitoring';
import { hasPrometheus, type Prometheus, startPrometheus } from '../support/prometheus';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { temporaryDirectory } from '../support/temporary-directory';
import { startWorkerAndGateway } from '../support/worker-and-gateway';

/** These have a series only where something has happened that does not happen here. */
const ONLY_IN_TROUBLE = [
  'jobherald_broken_runs_total',
  'jobherald_unreadable_jobs_total',
  'jobherald_pull_connected', // not trouble: no subscription is configured
];

const isThere = hasPrometheus();
if (!isThere)
  process.stderr.write('skipped: deploy/monitoring at a real Prometheus. There is none (Debian: prometheus)\n');

/** A real worker and a real gateway with real jobs, scraped by a real Prometheus that has our rules. */
(isThere ? describe : describe.skip)('deploy/monitoring at a real Prometheus', () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let temporal: RealTemporal;
  let vertexAi: VertexAiEmulator;
  let receiver: TestReceiver;
  let prometheus: Prometheus;
  let gateway: string;
  let worker: RunningBin;

  const post = (path: string, body: object) =>
    fetch(`${gateway}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const submit = async (state: string, more: object = {}) => {
    const job = anyJob();
    vertexAi.putJob({ name: job, state });
    // 503 where Temporal takes longer than a client waits: whoever submits does so again.
    const body = { provider: 'vertex-ai', job, endpoints: ['orders'], ...more };
    await eventually('it is submitted', async () => (await post('/v1/jobs', body)).ok);
    return job;
  };
  /** A push of Pub/Sub that names a job, or is none. */
  const push = (payload: object) =>
    post('/ingress/pubsub', {
      message: { messageId: String(Math.random()), data: Buffer.from(JSON.stringify(payload)).toString('base64') },
      subscription: 'projects/p/subscriptions/s',
    });

  beforeAll(async () => {
    temporal = await connectRealTemporal();
    vertexAi = await startVertexAiEmulator();
    receiver = await startReceiver();
    folder = await temporaryDirectory();
    const started = await startWorkerAndGateway(folder.path, {
      temporal: { address: temporal.config.address, task_queue: temporal.config.taskQueue },
      endpoints: [
        { name: 'orders', url: receiver.url, secret: 'orders' },
        {
          name: 'down',
          url: `http://127.0.0.1:${await freePort()}/`,
          secret: 'orders',
          retry: { first: '100ms', factor: 1, max: '100ms', for: '300ms' },
        },
      ],
      providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true, sweep: { every: '10m' } } },
    });
    worker = started.worker;
    gateway = started.gateway.origin;
    prometheus = await startPrometheus(
      { 'jobherald-gateway': new URL(gateway).host, 'jobherald-worker': new URL(started.worker.origin).host },
      RULES_FILE,
    );
    // Scraped before anything has happened, so that what happens is an increase.
    await eventually('both are scraped', async () => (await prometheus.query('sum(up)'))[0]?.value[1] === '2');

    await submit('JOB_STATE_RUNNING', { overdue_after: '100ms' });
    await eventually('its scope is swept, once', () => vertexAi.countOf('ListBatchPredictionJobs') > 0);
    await submit('JOB_STATE_SUCCEEDED', { endpoints: ['orders', 'down'] }); // its first look finds the end
    const announced = await submit('JOB_STATE_RUNNING');
    await eventually('its first look is over', async () => {
      const seen = await fetch(`${gateway}/v1/jobs/vertex-ai/${encodeURIComponent(announced)}`);
      return ((await seen.json()) as { state?: string }).state === 'RUNNING';
    });
    vertexAi.setState(announced, { state: 'JOB_STATE_SUCCEEDED' });
    await eventually('it is announced', async () => (await push({ protoPayload: { resourceName: announced } })).ok);
    await push({ nothing: 'of use' });
  });
  afterAll(async () => {
    endBins();
    await prometheus?.stop();
    await Promise.all([receiver, vertexAi, temporal].map((each) => each.close()));
    await folder.remove();
  });

  it('scrapes every metric that docs/metrics.md names, with a series of each where nothing is wrong', async () => {
    const text = readFileSync(join(__dirname, '../../docs/metrics.md'), 'utf8');
    const names = [...text.matchAll(/^\| `(jobherald_\w+)` \| (\w+) \|/gm)].map(([, name = '', type = '']) => ({
      name,
      type,
    }));
    expect(names.length).toBeGreaterThan(15);
    const scraped: readonly { readonly metric: string; readonly type: string }[] =
      await prometheus.api('targets/metadata');
    const types = new Map(scraped.map(({ metric, type }) => [metric, type]));
    expect(names.filter(({ name, type }) => types.get(name) !== type)).toEqual([]);

    const certain = names.filter(({ name }) => !ONLY_IN_TROUBLE.includes(name));
    await eventually('each has a series', async () => {
      const counted = await Promise.all(
        certain.map(({ name, type }) => prometheus.query(type === 'histogram' ? `${name}_count` : name)),
      );
      const missing = certain.filter((_, i) => counted[i]?.length === 0);
      return missing.length === 0 || Promise.reject(new Error(`without a series: ${missing.map(({ name }) => name)}`));
    });
  });

  it('counts ends by what found them out', async () => {
    const ends = async (completedBy: string) =>
      (await prometheus.query(`jobherald_jobs_ended_total{provider="vertex-ai",completed_by="${completedBy}"}`))[0]
        ?.value[1];
    await eventually('both ends are counted', async () => {
      const counted = await Promise.all(['signal', 'poll', 'heartbeat'].map(ends));
      if (counted.join() === '1,1,0') return true;
      throw new Error(`by signal, poll and heartbeat: ${counted}`);
    });
  });

  it("evaluates each of the dashboard's queries, and each shows something where nothing is wrong", async () => {
    await eventually('increases are seen', async () => {
      const shown = await Promise.all(DASHBOARD_QUERIES.map(({ expr }) => prometheus.query(expr)));
      const empty = DASHBOARD_QUERIES.filter(
        ({ expr }, i) => shown[i]?.length === 0 && !ONLY_IN_TROUBLE.some((name) => expr.includes(name)),
      );
      return empty.length === 0 || Promise.reject(new Error(`shows nothing: ${JSON.stringify(empty)}`));
    });
  });

  it('takes every alert rule, and fires the one that has to: a delivery was given up', async () => {
    await eventually('it fires', async () => {
      const { alerts } = await prometheus.api('alerts');
      return alerts.some(
        ({ labels, state }: { labels: Record<string, string>; state: string }) =>
          labels['alertname'] === 'JobheraldDeliveriesExhausted' && labels['endpoint'] === 'down' && state === 'firing',
      );
    });
    // What whoever is called by it finds in the log.
    expect(worker.stderr()).toMatch(
      /"level":"error","time":"[^"]+","msg":"gave a delivery up: its retry window is over","endpoint":"down",.*"last_error":"connect ECONNREFUSED[^"]*","attempts":\d/,
    );
    const { groups } = await prometheus.api('rules');
    const evaluated = (groups as readonly { readonly rules: readonly Record<string, string>[] }[]).flatMap(
      ({ rules }) => rules,
    );
    expect(evaluated.map(({ name }) => name).sort()).toEqual(RULES.map(({ alert }) => alert).sort());
    expect(evaluated.filter(({ health, lastError }) => health !== 'ok' || lastError)).toEqual([]);
  });
});
