import { type Command, Option } from 'commander';
import { CliFailure, type CliIo } from '../cli-io';
import { type ConfigOption, configName, readConfig, waiting, withConfigOption } from '../options';

interface SetupOptions extends ConfigOption {
  /** Milliseconds. */
  readonly wait: number;
  readonly updateRetention?: true;
  readonly setCurrent?: true;
}

export function registerSetup(program: Command, io: CliIo): void {
  withConfigOption(
    program.command('setup').description('register namespace, retention and search attributes; harmless twice'),
  )
    .addOption(
      new Option('--wait <duration>', 'how long to wait for Temporal to answer')
        .argParser(waiting)
        .default(10_000, '10s'),
    )
    .option('--update-retention', 'give a namespace that exists the retention of the configuration')
    .option('--set-current', 'make the version of temporal.deployment current, once its workers poll')
    .action(async (options: SetupOptions) => {
      const { temporal } = readConfig(io, options);
      const waitMs = options.wait;
      if (options.setCurrent && !temporal.deployment)
        throw new CliFailure('/temporal/deployment: is required for --set-current', 2);
      const { connectWithin } =
        require('../../processes/reach-temporal') as typeof import('../../processes/reach-temporal');
      const { setCurrentVersion } =
        require('../../temporal/current-version') as typeof import('../../temporal/current-version');
      const { setup } = require('../../temporal/setup') as typeof import('../../temporal/setup');
      const say = (line: string) => void io.stdout.write(`${line}\n`);
      const connection = await connectWithin(temporal, waitMs);
      try {
        const log = { debug: () => {}, info: say, warn: say };
        const report = await setup(connection, temporal, log, { updateRetention: options.updateRetention ?? false });
        const { namespace, searchAttributes } = report;
        const changed = namespace === 'created' || namespace === 'updated' || searchAttributes.length > 0;
        say(`namespace ${temporal.namespace} is set up${changed ? '' : '; there was nothing to do'}`);
        if (options.setCurrent) say(await setCurrentVersion(connection, temporal, waitMs));
      } finally {
        await connection.close();
      }
    });
}

export function registerCheck(program: Command, io: CliIo): void {
  withConfigOption(
    program
      .command('check')
      .description('validate the configuration, and reach Temporal and every configured system')
      .addHelpText('after', '\nSuccesses are lines on stdout, failures lines on stderr; any failure: exit code 1.'),
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
