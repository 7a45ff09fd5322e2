import type { Writable } from 'node:stream';
import { type DestinationStream, type LogFn, type Logger, pino, stdTimeFunctions } from 'pino';
import { withoutSecrets } from './without-secrets';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

export interface CreateLoggerOptions {
  /** Where the lines go: standard error. Pretty on a terminal, else one JSON object a line. */
  readonly stream: Writable & { readonly isTTY?: boolean };
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Values that are redacted in every line: see secretsOf. */
  readonly secrets?: readonly string[];
}

/** Every line has `time` (RFC 3339), `level` by name, and `msg`. */
export function createLogger({ stream, level = 'info', secrets = [] }: CreateLoggerOptions): Logger {
  const lines: DestinationStream = stream.isTTY ? prettyStream(stream) : { write: (line) => void stream.write(line) };
  return pino(
    {
      level,
      // pino takes undefined for "no process id and host name", and its type does not say so.
      base: undefined as never,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // What happened comes first, whatever else is said of it.
      hooks: { logMethod: messageFirst },
      redact: { paths: ['headers.authorization', '*.headers.authorization'], censor: '[secret]' },
    },
    withoutSecrets(lines, secrets),
  );
}

/** pino itself puts the message last. */
function messageFirst(this: Logger, args: Parameters<LogFn>, log: LogFn): void {
  const [said, msg, ...more] = args as [unknown, unknown?, ...unknown[]];
  const isFields = typeof said === 'object' && said !== null && !(said instanceof Error);
  if (isFields && typeof msg === 'string' && more.length === 0) log.call(this, { msg, ...said });
  else log.apply(this, args);
}

function prettyStream(stream: Writable): DestinationStream {
  // Loaded for a terminal only.
  const { build } = require('pino-pretty') as typeof import('pino-pretty');
  return build({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', destination: stream, sync: true });
}
