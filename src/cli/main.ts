#!/usr/bin/env node
import type { CliIo } from './cli-io';
import { runCli } from './run-cli';

const io: CliIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
};

void runCli(process.argv.slice(2), io).then((code) => process.exit(code));
