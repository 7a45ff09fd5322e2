import { Readable, Writable } from 'node:stream';
import type { CliIo } from '../../src/cli/cli-io';
import { runCli } from '../../src/cli/run-cli';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line of the CLI in this process, with an environment and streams of its own. */
export async function runCommand(
  args: readonly string[],
  parts: Partial<Pick<CliIo, 'env' | 'cwd'>> & { readonly stdin?: string | Buffer | undefined } = {},
): Promise<CommandResult> {
  const stdout = collector();
  const stderr = collector();
  const code = await runCli(args, {
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdin: Readable.from(parts.stdin === undefined ? [] : [Buffer.from(parts.stdin)]),
    env: parts.env ?? {},
    cwd: parts.cwd ?? '/nonexistent',
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
