import { CommanderError } from 'commander';
import { ConfigError } from '../config/config-error';
import { CliFailure } from './cli-failure';
import type { CliIo } from './cli-io';
import { createProgram } from './program';

/** 0: done · 1: it failed, and stderr says why · 2: nothing was begun, because the configuration or the command line is wrong. · 3: the job that was watched did not end well. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Runs one command line (without `node jobherald`) to its end. Never throws: what goes wrong is said on stderr. */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  try {
    await createProgram(io).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return tell(error, io);
  }
}

function tell(error: unknown, io: CliIo): ExitCode {
  const say = (line: string) => io.stderr.write(`${line}\n`);
  // Commander has printed what it has to say, help among it.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CliFailure) {
    if (error.message !== '') say(error.message);
    return error.exitCode;
  }
  if (error instanceof ConfigError) {
    say(error.message);
    return 2;
  }
  say(`jobherald: ${describe(error)}`);
  return 1;
}

/** Errors of ours have a code and a message that says what to do; of others the stack is the best there is. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? error.message : (error.stack ?? error.message);
}
