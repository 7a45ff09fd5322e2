import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config/config';
import type { CliIo } from './cli-io';

export interface ConfigOption {
  readonly config?: string | undefined;
}

/** `--config FILE`, as every command has it that reads the configuration. */
export function withConfigOption(command: Command): Command {
  return command.option('-c, --config <file>', 'configuration file (default: $JOBHERALD_CONFIG, else jobherald.yaml)');
}

/** @throws {ConfigError} */
export function readConfig(io: CliIo, { config }: ConfigOption): Config {
  const { loadConfig } = require('../config/load-config') as typeof import('../config/load-config');
  return loadConfig({ file: config, env: io.env, cwd: io.cwd });
}

/** Which configuration that is, for people. */
export function configName(io: CliIo, { config }: ConfigOption): string {
  const named = config || io.env['JOBHERALD_CONFIG'];
  if (named) return named;
  return existsSync(resolve(io.cwd, 'jobherald.yaml')) ? 'jobherald.yaml' : 'the defaults (there is no jobherald.yaml)';
}
