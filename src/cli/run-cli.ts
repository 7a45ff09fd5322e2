import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error';
import { version } from '../processes/version';
import { CliFailure, type CliIo } from './cli-io';
import { registerAudit } from './commands/audit';
import { registerEndpoints } from './commands/endpoints';
import { registerList } from './commands/list';
import { registerRedeliver, registerRedeliverAll } from './commands/redeliver';
import { registerRetry } from './commands/retry';
import { registerCodecServer, registerDemo, registerDev, registerGateway, registerWorker } from './commands/run';
import { registerCheck, registerSetup } from './commands/set-up';
import { registerCancel, registerComplete, registerHeartbeat } from './commands/signal-job';
import { registerStatus } from './commands/status';
import { registerSubmit } from './commands/submit';
import { registerTestReceiver } from './commands/test-receiver';
import { registerVerify } from './commands/verify';

/** 0: done · 1: it failed, and stderr says why · 2: invalid configuration or command line, nothing was started · 3: the watched job did not end COMPLETED. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Runs one command line (without `node jobherald`) to its end. Never throws: errors go to stderr. */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  try {
    await createProgram(io).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return report(error, io);
  }
}

function report(error: unknown, io: CliIo): ExitCode {
  const print = (line: string) => io.stderr.write(`${line}\n`);
  // Commander has printed its own message or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CliFailure) {
    if (error.message !== '') print(error.message);
    return error.exitCode;
  }
  if (error instanceof ConfigError) {
    print(error.message);
    return 2;
  }
  print(`jobherald: ${describe(error)}`);
  return 1;
}

/** Our own errors have a code and a message that says what to do; of any other the stack is printed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? error.message : (error.stack ?? error.message);
}

/** Every command. Each registers itself, and loads what it needs when it is run, so that `--help` is quick. */
export function createProgram(io: CliIo): Command {
  const program = new Command('jobherald')
    .description('Notifies everyone who must know, exactly once in effect, when a batch job on another system ends.')
    .version(version(), '-V, --version')
    .showHelpAfterError('(--help lists commands and options)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .exitOverride();

  program.commandsGroup('Run it:');
  registerDev(program, io);
  registerWorker(program, io);
  registerGateway(program, io);
  registerCodecServer(program, io);
  registerDemo(program, io);

  program.commandsGroup('Set it up:');
  registerSetup(program, io);
  registerCheck(program, io);

  program.commandsGroup('Use it:');
  registerSubmit(program, io);
  registerStatus(program, io);
  registerList(program, io);
  registerComplete(program, io);
  registerHeartbeat(program, io);
  registerCancel(program, io);
  registerRetry(program, io);
  registerRedeliver(program, io);
  registerRedeliverAll(program, io);
  registerEndpoints(program, io);
  registerAudit(program, io);

  program.commandsGroup('Receive from it:');
  registerVerify(program, io);
  registerTestReceiver(program, io);
  return program;
}
