import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** What a command touches of the process it runs in; a test gives its own. */
export interface CliIo {
  /** Results: what a script reads. */
  readonly stdout: Writable;
  /** Logs, progress and errors: what a person reads. */
  readonly stderr: Writable;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory: relative paths of options and of `.jobherald/` start here. */
  readonly cwd: string;
}

/** Ends a command with an exit code other than 0. The message goes to stderr as it is; '' where all has been said. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly code = 'cli_failure';

  constructor(
    message = '',
    readonly exitCode: 1 | 2 | 3 = 1,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The bytes of a file, or of standard input where it is named `-`. */
export async function readInput(io: CliIo, file: string): Promise<Buffer> {
  return file === '-' ? buffer(io.stdin) : readFile(resolve(io.cwd, file));
}

/** One JSON value, indented: for `--json`, where standard output holds nothing else. */
export function printJson(io: CliIo, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(io: CliIo, line: string): void {
  io.stdout.write(`${line}\n`);
}

/**
 * Text of somebody else (a provider, a receiver) as a terminal may show it: on one line, and without control
 * characters, which could rewrite what stands above.
 */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ').trim();
}

/** Rows in columns, two spaces apart; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The answer to a request that says only that it is safe in Temporal. */
export function printAccepted(io: CliIo, { json }: { readonly json?: boolean }, line: string): void {
  if (json) printJson(io, { accepted: true });
  else printLine(io, line);
}
