#!/usr/bin/env node
import type { CliIo } from './cli-io';
import { requireNode } from './require-node';
import { startSmall } from './start-small';
import { stopBeforeStart } from './stop-signal';

// Before anything else is loaded: on an older Node it is a library that fails, with a stack that helps nobody.
requireNode(process.versions.node);
startAnew();
stopBeforeStart(process.argv[2]);
const { runCli } = require('./run-cli') as typeof import('./run-cli');

const io: CliIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
};

void runCli(process.argv.slice(2), io).then((code) => process.exit(code));

/** The same process, number and streams, with Node started anew in it; before anything is loaded, so that it costs little. */
function startAnew(): void {
  const { platform, execPath, execArgv, argv, env } = process;
  const restart = startSmall({
    platform,
    execPath,
    execArgv,
    command: argv.slice(1),
    env,
    hasChannel: process.connected,
  });
  if (restart !== undefined) process.execve?.(restart[0], [...restart[1]], restart[2]);
}
