import type { Command } from 'commander';
import { parseDuration } from '../../domain/duration';
import { CliFailure } from '../cli-failure';
import type { CliIo } from '../cli-io';
import { type ConfigOption, readConfig, withConfigOption } from '../config-option';

interface SetupOptions extends ConfigOption {
  readonly wait: string;
}

export function registerSetup(program: Command, io: CliIo): void {
  withConfigOption(
    program.command('setup').description('register namespace, retention and search attributes; harmless twice'),
  )
    .option('--wait <duration>', 'how long to wait for Temporal to answer', '10s')
    .action(async (options: SetupOptions) => {
      const { temporal } = readConfig(io, options);
      const waitMs = durationOf(options.wait);
      const { connectWithin } =
        require('../../processes/connect-within') as typeof import('../../processes/connect-within');
      const { setup } = require('../../temporal/setup') as typeof import('../../temporal/setup');
      const say = (line: string) => void io.stdout.write(`${line}\n`);
      const connection = await connectWithin(temporal, waitMs);
      try {
        const report = await setup(connection, temporal, { debug: () => {}, info: say, warn: say });
        const changed = report.namespace !== 'unchanged' || report.searchAttributes.length > 0;
        say(`namespace ${temporal.namespace} is set up${changed ? '' : '; there was nothing to do'}`);
      } finally {
        await connection.close();
      }
    });
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new CliFailure(`--wait: ${(error as Error).message}`, 2, { cause: error });
  }
}
