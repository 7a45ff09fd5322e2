/**
 * Runs a command of this folder: progress on stderr, its result as one JSON object on the last line of stdout, exit
 * code 1 unless the result is ok.
 */
export function runCommand(
  usage: string,
  command: (args: readonly string[], say: (line: string) => void) => Promise<{ readonly ok: boolean }>,
): void {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  // Lets the brokers that were started hear of it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const began = Date.now();
  const say = (line: string) => {
    process.stderr.write(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
  };
  Promise.resolve()
    .then(() => command(args, say))
    .then(
      (result) => {
        process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(result.ok ? 0 : 1));
      },
      (error: unknown) => {
        const isUsage = error instanceof TypeError && !error.cause;
        process.stderr.write(`${isUsage ? `${error.message}\n\n${usage}` : errorText(error)}\n`);
        process.exit(isUsage ? 2 : 1);
      },
    );
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
