import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

export interface ConfigParts {
  readonly temporal: string;
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  readonly endpoints: readonly object[];
  readonly providers: Readonly<Record<string, object>>;
}

/** What is different in each process: the port that it serves. */
export type Serves = { readonly worker: { readonly port: number } } | { readonly gateway: { readonly port: number } };

/** Short, so that a run of minutes sees what a day sees. */
export const RETRY = { first: '200ms', factor: 2, max: '3s', for: '1h' };
export const TIMEOUT = '2s';

/** @returns the path of the jobherald.yaml of one process */
export function writeConfigFile(directory: string, name: string, parts: ConfigParts, serves: Serves): string {
  const { temporal, ...others } = parts;
  const gateway = 'gateway' in serves ? serves.gateway : {};
  const file = join(directory, `${name}.yaml`);
  const config = {
    temporal: { address: temporal, task_queue: 'faults' },
    network: { allow: ['127.0.0.1/32'] },
    ...serves,
    // What submissions bring along is on loopback, too.
    gateway: { ...gateway, inline_endpoints: 'all' },
    ...others,
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}
