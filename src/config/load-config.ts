import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkConfig } from './check-config';
import type { Config } from './config';
import { ConfigError } from './config-error';
import { deepFreeze } from './deep-freeze';
import { type Environment, expandEnvironment } from './expand-environment';
import { type Fault, isWithin } from './fault';
import { readYaml } from './read-yaml';
import { resolveConfig } from './resolve-config';
import { readTemporalProfile } from './temporal-profile';
import { validateShape } from './validate-shape';

const DEFAULT_FILE = 'jobherald.yaml';

export interface LoadConfigOptions {
  /** The file that the user named. Default: `JOBHERALD_CONFIG`, else `jobherald.yaml` where it exists, else no file. */
  readonly file?: string | undefined;
  /** The only way in for environment variables: `${NAME}` in the file, `JOBHERALD_CONFIG`, and those of `temporal.profile`. */
  readonly env: Environment;
  /** What relative paths, that of the file among them, are relative to. */
  readonly cwd: string;
}

/**
 * The configuration, ready to use and frozen. Without a file the defaults serve loopback with no tokens.
 * @throws {ConfigError} with every fault there is
 */
export function loadConfig({ file, env, cwd }: LoadConfigOptions): Config {
  return parseConfig(readText(file || env['JOBHERALD_CONFIG'], cwd), { env, cwd });
}

/**
 * The same from the text of a file.
 * @throws {ConfigError} with every fault there is
 */
export function parseConfig(text: string, { env, cwd }: Omit<LoadConfigOptions, 'file'>): Config {
  const { value, expanded, faults: unset } = expandEnvironment(readYaml(text) ?? {}, env);
  const shape = validateShape(value, expanded);
  const { profile, faults: ofProfile } = readTemporalProfile(shape.file.temporal?.profile, env);
  const config = resolveConfig(shape.file, cwd, profile);

  const faults = withoutEchoes([...unset, ...shape.faults, ...ofProfile], checkConfig(config, shape.file, profile));
  if (faults.length > 0) throw new ConfigError(faults);
  return deepFreeze(config);
}

/** One fault for each place; and none about what follows only from another fault, below it or where it says. */
function withoutEchoes(unsound: readonly Fault[], checked: readonly Fault[]): readonly Fault[] {
  const echoes = (fault: Fault) =>
    unsound.some(({ pointer }) => isWithin(pointer, fault.pointer) || pointer === fault.follows);
  const all = [...unsound, ...checked.filter((fault) => !echoes(fault))];
  const byPointer = new Map(all.toReversed().map((fault) => [fault.pointer, fault]));
  return [...byPointer.values()].sort((a, b) => a.pointer.localeCompare(b.pointer, 'en', { numeric: true }));
}

function readText(named: string | undefined, cwd: string): string {
  const path = resolve(cwd, named || DEFAULT_FILE);
  if (!named && !existsSync(path)) return '';
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const text = `cannot read the configuration file ${path} (${code}); check --config and JOBHERALD_CONFIG`;
    throw new ConfigError([{ pointer: '/', text }], { cause });
  }
}
