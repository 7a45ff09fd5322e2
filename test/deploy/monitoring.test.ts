import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { stringify } from 'yaml';
import { createMetrics } from '../../src/gateway/observe/metrics';
import { createCounters, createObservations } from '../../src/temporal/worker-metrics';
import { DASHBOARD_QUERIES, MONITORING, RULES } from '../support/monitoring';
import { temporaryDirectory } from '../support/temporary-directory';

const ROOT = join(__dirname, '../..');

const queries = [...RULES.map(({ alert, expr }) => ({ where: alert, expr })), ...DASHBOARD_QUERIES];

/** Each series that gateway and worker may show, with its labels. */
function registeredSeries(): ReadonlyMap<string, ReadonlySet<string>> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  createMetrics(registry);
  createCounters(registry);
  createObservations(registry);
  const metrics = registry.getMetricsAsArray() as unknown as {
    readonly name: string;
    readonly type: string;
    readonly labelNames: readonly string[];
  }[];
  return new Map(
    metrics.flatMap(({ name, type, labelNames }) =>
      type === 'histogram'
        ? ['_bucket', '_sum', '_count'].map((suffix) => [name + suffix, new Set([...labelNames, 'le'])] as const)
        : [[name, new Set(labelNames)] as const],
    ),
  );
}
const series = registeredSeries();

/** What Prometheus adds itself. */
const SCRAPE_LABELS = ['job', 'instance'];

const promtool = (...args: readonly string[]) => spawnSync('promtool', args, { cwd: MONITORING, encoding: 'utf8' });
const hasPromtool = promtool('--version').status === 0;
const itWithPromtool = hasPromtool ? it : it.skip;

describe('deploy/monitoring', () => {
  it('names only metrics that gateway or worker registers', () => {
    const named = queries.flatMap(({ where, expr }) =>
      [...expr.matchAll(/\b(?:jobherald|process|nodejs)_\w+/g)].map(([name]) => [where, name] as const),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter(([, name]) => !series.has(name))).toEqual([]);
  });

  it('selects and groups only by labels that these metrics have', () => {
    const wrong = queries.flatMap(({ where, expr }) => {
      const names = [...expr.matchAll(/\b(?:jobherald|process|nodejs)_\w+/g)].map(([name]) => name);
      const labels = new Set([...SCRAPE_LABELS, ...names.flatMap((name) => [...(series.get(name) ?? [])])]);
      const selected = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, matchers = '']) =>
        [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
      );
      const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
      return [...selected, ...grouped].filter((label) => !labels.has(label)).map((label) => [where, label]);
    });
    expect(wrong).toEqual([]);
  });

  it('alerts on each thing an operator has to act upon, once by name, with a runbook that is there', () => {
    expect(new Set(RULES.map(({ alert }) => alert)).size).toBe(RULES.length);
    const used = RULES.map(({ expr }) => expr).join('\n');
    for (const metric of [
      'jobherald_delivery_attempts_total',
      'jobherald_pending_deliveries',
      'jobherald_deliveries_total{state="exhausted"}',
      'jobherald_sweep_lag_seconds',
      'jobherald_jobs_ended_total{completed_by="signal"}',
      'jobherald_hints_total{result="accepted"}',
      'jobherald_broken_runs_total',
    ])
      expect(used).toContain(metric);
    for (const { alert, labels, annotations } of RULES) {
      expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(warning|critical)$/)]);
      expect([alert, annotations]).toEqual([alert, expect.objectContaining({ summary: expect.any(String) })]);
      expect([alert, existsSync(join(ROOT, annotations.runbook))]).toEqual([alert, true]);
    }
  });

  itWithPromtool("is taken by Prometheus's own promtool, the dashboard's queries included", async () => {
    const folder = await temporaryDirectory();
    const recorded = DASHBOARD_QUERIES.map(({ expr }, index) => ({ record: `panel:query${index}`, expr }));
    const file = join(folder.path, 'dashboard.yaml');
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
    const { status, stderr } = promtool('check', 'rules', 'alerts.yaml', file);
    await folder.remove();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  itWithPromtool('fires each alert when its time has come and not before, as alerts.test.yaml says', () => {
    const { status, stdout, stderr } = promtool('test', 'rules', 'alerts.test.yaml');
    expect({ status, said: stdout + stderr }).toMatchObject({ status: 0 });
    const tested = readFileSync(join(MONITORING, 'alerts.test.yaml'), 'utf8');
    for (const { alert } of RULES) expect(tested).toContain(`alertname: ${alert}\n`);
  });
});
