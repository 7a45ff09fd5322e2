import type { CliIo } from './cli-io';

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
