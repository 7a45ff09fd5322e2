import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './free-port';
import { type Service, serviceDirectory, startService } from './services/service';

/** Whether Debian's `prometheus`, or another one on PATH, can be run. */
export function hasPrometheus(): boolean {
  return spawnSync('prometheus', ['--version']).status === 0;
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  /** Unix seconds, and the number as a text. */
  readonly value: readonly [number, string];
}

export interface Prometheus extends Service {
  /** `data` of an answer of its API. @throws {Error} with its own words, where it refuses */
  // biome-ignore lint/suspicious/noExplicitAny: each path has a shape of its own
  api(path: string, parameters?: Readonly<Record<string, string>>): Promise<any>;
  query(expression: string): Promise<readonly Sample[]>;
}

/**
 * A Prometheus that scrapes and evaluates every second.
 * @param targets `host:port` by the name of the scrape job
 * @param rules a file of alert rules
 */
export async function startPrometheus(targets: Readonly<Record<string, string>>, rules: string): Promise<Prometheus> {
  const directory = await serviceDirectory('prometheus');
  const origin = `http://127.0.0.1:${await freePort()}`;
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: Object.entries(targets).map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  };
  writeFileSync(join(directory, 'prometheus.yml'), stringify(config));
  const service = await startService({
    path: 'prometheus',
    args: ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=${new URL(origin).host}`],
    directory,
    isReady: async () => (await fetch(`${origin}/-/ready`).catch(() => undefined))?.status === 200,
  });
  const api: Prometheus['api'] = async (path, parameters = {}) => {
    const response = await fetch(`${origin}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { status, data, error } = (await response.json()) as Record<string, string>;
    if (status !== 'success') throw new Error(`${JSON.stringify(parameters)}: ${error}`);
    return data;
  };
  return { ...service, api, query: async (query) => (await api('query', { query })).result };
}
