#!/usr/bin/env node
import type { CliIo } from './cli-io';
import { requireNode } from './require-node';
import { stopBeforeStart } from './stop-signal';

// Before anything else is loaded: on an older Node it is a library that fails, with a stack that helps nobody.
requireNode(process.versions.node);
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
