import { join } from 'node:path';
import type { Command } from 'commander';
import type { CliIo } from '../cli-io';
import { type ConfigOption, configName, readConfig, withConfigOption } from '../config-option';
import { type ProcessTools, runProcess } from '../run-process';

const DATA = '.jobherald';

export function registerDev(program: Command, io: CliIo): void {
  withConfigOption(
    program.command('dev').description(`all in one, for development: Temporal with its Web UI, worker and gateway`),
  ).action(async (options: ConfigOption) => {
    const given = readConfig(io, options);
    const { startDev } = require('../../dev/start-dev') as typeof import('../../dev/start-dev');
    await runProcess(io, given, async (tools) => {
      const dev = await startDev(given, { ...tools, env: io.env, dataDirectory: join(io.cwd, DATA) });
      introduce(io, tools, {
        gateway: dev.gateway.origin,
        'web ui': dev.webUi,
        config: configName(io, options),
        data: `${DATA}/ (survives restarts; remove it to begin anew)`,
      });
      return dev;
    });
  });
}

/** For people on a terminal a few lines, for programs one more line of the log. */
function introduce(io: CliIo, { logger, version }: ProcessTools, facts: Readonly<Record<string, string>>): void {
  if (!('isTTY' in io.stderr && io.stderr.isTTY)) {
    logger.info(facts, 'dev is up');
    return;
  }
  const lines = Object.entries(facts).map(([name, fact]) => `  ${name.padEnd(9)} ${fact}`);
  io.stderr.write(['', `  jobherald ${version} dev`, '', ...lines, '', '  Ctrl-C stops it.', '', ''].join('\n'));
}
