import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createMetrics } from '../../src/gateway/observe/metrics';
import { createCounters, createObservations } from '../../src/temporal/worker-metrics';

/** Name and labels of each metric of ours. */
async function registered(): Promise<Record<string, readonly string[]>> {
  const registry = new Registry();
  createMetrics(registry);
  createCounters(registry);
  createObservations(registry);
  const metrics = registry.getMetricsAsArray() as unknown as { readonly name: string; readonly labelNames: string[] }[];
  return Object.fromEntries(metrics.map(({ name, labelNames }) => [name, [...labelNames].sort()]));
}

function documented(): Record<string, readonly string[]> {
  const text = readFileSync(join(__dirname, '../../docs/metrics.md'), 'utf8');
  const rows = text.matchAll(/^\| `(jobherald_\w+)` \| \w+ \| ([^|]*) \|/gm);
  return Object.fromEntries(
    [...rows].map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort(),
    ]),
  );
}

describe('docs/metrics.md', () => {
  it('names every metric there is, with its labels, and no other', async () => {
    expect(documented()).toEqual(await registered());
  });
});
