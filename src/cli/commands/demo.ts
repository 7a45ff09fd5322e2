import type { Command } from 'commander';
import type { CliIo } from '../cli-io';
import { stopSignal } from '../stop-signal';

export function registerDemo(program: Command, io: CliIo): void {
  program
    .command('demo')
    .description('see it work: a job ends in an emulated Vertex AI, and a signed webhook arrives')
    .option('--keep', 'leave everything running until Ctrl-C')
    .action(async ({ keep = false }: { readonly keep?: boolean }) => {
      const { runDemo } = require('../../dev/demo/run-demo') as typeof import('../../dev/demo/run-demo');
      using stop = stopSignal();
      await runDemo({ keep, io, signal: stop.signal });
    });
}
