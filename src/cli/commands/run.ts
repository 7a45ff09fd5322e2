import { join } from 'node:path';
import type { Command } from 'commander';
import { CliFailure, type CliIo } from '../cli-io';
import { type ConfigOption, configName, readConfig, withConfigOption } from '../options';
import { type ProcessTools, runProcess } from '../run-process';
import { stopSignal } from '../stop-signal';

const DATA = '.jobherald';

export function registerDev(program: Command, io: CliIo): void {
  withConfigOption(
    program.command('dev').description(`all in one, for development: Temporal with its Web UI, worker and gateway`),
  ).action(async (options: ConfigOption) => {
    const given = readConfig(io, options);
    const { startDev } = require('../../dev/start-dev') as typeof import('../../dev/start-dev');
    await runProcess(io, given, 'dev', async (tools) => {
      const dev = await startDev(given, { ...tools, env: io.env, dataDirectory: join(io.cwd, DATA) });
      introduce(io, tools, {
        gateway: dev.gateway.origin,
        'web ui': dev.webUi,
        config: configName(io, options),
        data: `${DATA}/ (survives restarts; remove it to start from scratch)`,
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

export function registerWorker(program: Command, io: CliIo): void {
  withConfigOption(
    program.command('worker').description('watch jobs and deliver their events; any number may run'),
  ).action(async (options: ConfigOption) => {
    const config = readConfig(io, options);
    const { startWorkerProcess } = require('../../processes/worker') as typeof import('../../processes/worker');
    await runProcess(io, config, 'worker', (tools) => startWorkerProcess(config, tools));
  });
}

export function registerGateway(program: Command, io: CliIo): void {
  withConfigOption(
    program.command('gateway').description('serve the HTTP API and the provider ingress; any number may run'),
  ).action(async (options: ConfigOption) => {
    const config = readConfig(io, options);
    const { startGatewayProcess } = require('../../processes/gateway') as typeof import('../../processes/gateway');
    await runProcess(io, config, 'gateway', (tools) => startGatewayProcess(config, tools));
  });
}

export function registerCodecServer(program: Command, io: CliIo): void {
  withConfigOption(
    program.command('codec-server').description("decrypt payloads for Temporal's Web UI and command line"),
  ).action(async (options: ConfigOption) => {
    const config = readConfig(io, options);
    if (!config.temporal.codec)
      throw new CliFailure('/temporal/codec: is required; without keys there is nothing to decrypt', 2);
    const { startCodecServer } =
      require('../../processes/codec-server') as typeof import('../../processes/codec-server');
    await runProcess(io, config, 'codec-server', (tools) => startCodecServer(config, tools));
  });
}

export function registerDemo(program: Command, io: CliIo): void {
  program
    .command('demo')
    .description('see it work: a job ends in an emulated system, and a signed webhook arrives')
    .option('--keep', 'leave everything running until Ctrl-C')
    .action(async ({ keep = false }: { readonly keep?: boolean }) => {
      const { runDemo } = require('../../dev/demo/run-demo') as typeof import('../../dev/demo/run-demo');
      using stop = stopSignal();
      await runDemo({ keep, io, signal: stop.signal });
    });
}
