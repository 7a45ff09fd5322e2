import type { Command } from 'commander';
import type { CliIo } from '../cli-io';
import { type ConfigOption, readConfig, withConfigOption } from '../config-option';
import { runProcess } from '../run-process';

export function registerWorker(program: Command, io: CliIo): void {
  withConfigOption(
    program.command('worker').description('watch jobs and deliver their events; any number may run'),
  ).action(async (options: ConfigOption) => {
    const config = readConfig(io, options);
    const { startWorkerProcess } = require('../../processes/worker') as typeof import('../../processes/worker');
    await runProcess(io, config, (tools) => startWorkerProcess(config, tools));
  });
}
