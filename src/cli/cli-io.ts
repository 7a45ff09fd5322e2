import type { Readable, Writable } from 'node:stream';

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
