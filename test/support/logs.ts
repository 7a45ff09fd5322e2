import type { Log } from '../../src/temporal/connection';

/** A log that remembers what it was told, for tests that read it. */
export function rememberingLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  return {
    lines,
    debug: () => undefined,
    info: (message) => void lines.push(`info ${message}`),
    warn: (message) => void lines.push(`warn ${message}`),
  };
}

/** For set-up, where only what takes time or goes wrong is worth a line. */
export const stderrLog: Log = {
  debug: () => undefined,
  info: (message) => void process.stderr.write(`${message}\n`),
  warn: (message) => void process.stderr.write(`${message}\n`),
};
