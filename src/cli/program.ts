import { Command } from 'commander';
import { version } from '../processes/version';
import type { CliIo } from './cli-io';
import { registerCancel } from './commands/cancel';
import { registerCheck } from './commands/check';
import { registerComplete } from './commands/complete';
import { registerDemo } from './commands/demo';
import { registerDev } from './commands/dev';
import { registerGateway } from './commands/gateway';
import { registerHeartbeat } from './commands/heartbeat';
import { registerList } from './commands/list';
import { registerRedeliver } from './commands/redeliver';
import { registerRedeliverAll } from './commands/redeliver-all';
import { registerSetup } from './commands/setup';
import { registerStatus } from './commands/status';
import { registerSubmit } from './commands/submit';
import { registerTestReceiver } from './commands/test-receiver';
import { registerVerify } from './commands/verify';
import { registerWorker } from './commands/worker';

/** Every command. Each registers itself, and loads what it needs when it is run, so that `--help` is quick. */
export function createProgram(io: CliIo): Command {
  const program = new Command('jobherald')
    .description('Tells everyone who must know, exactly once in effect, when a batch job somewhere else has ended.')
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
  registerDemo(program, io);

  program.commandsGroup('Set it up:');
  registerSetup(program, io);
  registerCheck(program, io);

  program.commandsGroup('Speak to it:');
  registerSubmit(program, io);
  registerStatus(program, io);
  registerList(program, io);
  registerComplete(program, io);
  registerHeartbeat(program, io);
  registerCancel(program, io);
  registerRedeliver(program, io);
  registerRedeliverAll(program, io);

  program.commandsGroup('Receive from it:');
  registerVerify(program, io);
  registerTestReceiver(program, io);
  return program;
}
