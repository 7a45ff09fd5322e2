#!/usr/bin/env node
import type { CliIo } from './cli-io';
import { useMemorySettings } from './memory-settings';
import { requireNode } from './require-node';
import { stopBeforeStart } from './stop-signal';

// Before anything else is loaded: on an older Node it is a library that fails, with a stack that helps nobody.
requireNode(process.versions.node);
useMemorySettings(process.argv[2]);
stopBeforeStart(process.argv[2]);
// Google's library warns where it finds no credentials; where they are needed, it fails as well and is reported.
const printers = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'MetadataLookupWarning') for (const print of printers) print.call(process, warning);
});
// Whoever read the output has gone, as in `jobherald list | head`: there is nobody to print the rest for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(1);
});
const { runCli } = require('./run-cli') as typeof import('./run-cli');

const io: CliIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
};

void runCli(process.argv.slice(2), io).then((code) => process.exit(code));
