import type { Command } from 'commander';
import type { CliIo } from '../cli-io';
import { type ConfigOption, readConfig, withConfigOption } from '../config-option';
import { runProcess } from '../run-process';

export function registerGateway(program: Command, io: CliIo): void {
  withConfigOption(
    program.command('gateway').description('serve the HTTP API and the provider ingress; any number may run'),
  ).action(async (options: ConfigOption) => {
    const config = readConfig(io, options);
    const { startGatewayProcess } = require('../../processes/gateway') as typeof import('../../processes/gateway');
    await runProcess(io, config, (tools) => startGatewayProcess(config, tools));
  });
}
