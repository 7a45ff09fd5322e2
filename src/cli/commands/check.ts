import type { Command } from 'commander';
import { CliFailure } from '../cli-failure';
import type { CliIo } from '../cli-io';
import { type ConfigOption, configName, readConfig, withConfigOption } from '../config-option';

export function registerCheck(program: Command, io: CliIo): void {
  withConfigOption(
    program
      .command('check')
      .description('validate the configuration, and reach Temporal and every configured system')
      .addHelpText(
        'after',
        '\nWhat is fine is a line on stdout, what is not a line on stderr; any of these: exit code 1.',
      ),
  ).action(async (options: ConfigOption) => {
    const config = readConfig(io, options);
    io.stdout.write(`ok configuration: ${configName(io, options)}\n`);
    const { check } = require('../../processes/check') as typeof import('../../processes/check');
    let fine = true;
    for await (const { ok, about, text } of check(config)) {
      if (ok) io.stdout.write(`ok ${about}: ${text}\n`);
      else io.stderr.write(`${about}: ${text}\n`);
      fine &&= ok;
    }
    if (!fine) throw new CliFailure();
  });
}
