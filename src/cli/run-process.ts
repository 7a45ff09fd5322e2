import type { Logger } from 'pino';
import type { Config } from '../config/config';
import type { LogLevel } from '../logging/create-logger';
import type { Tracer } from '../tracing/tracer';
import { CliFailure, type CliIo } from './cli-io';
import { stopSignal } from './stop-signal';

/** What a long-running command is given. */
export interface ProcessTools {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly version: string;
  /** Undefined where no OTLP endpoint is configured. */
  readonly tracer: Tracer | undefined;
}

/**
 * Runs a process until it is stopped by SIGTERM or SIGINT, which is a success. An error that keeps it from running is one line
 * of its log, and exit code 1.
 * @param name of its command
 * @throws {CliFailure}
 */
export async function runProcess(
  io: CliIo,
  config: Config,
  name: string,
  start: (tools: ProcessTools) => Promise<{ readonly done: Promise<void> }>,
): Promise<void> {
  const { createLogger } = require('../logging/create-logger') as typeof import('../logging/create-logger');
  const { secretsOf } = require('../logging/without-secrets') as typeof import('../logging/without-secrets');
  const { version } = require('../processes/version') as typeof import('../processes/version');
  const logger = createLogger({ stream: io.stderr, level: logLevel(io.env), secrets: secretsOf(config) });
  logFromNode(logger);
  const { openTracer } = require('../tracing/open-tracer') as typeof import('../tracing/open-tracer');
  const tracer = openTracer({ env: io.env, serviceName: `jobherald-${name}`, version: version(), logger });
  using stop = stopSignal();
  try {
    const { done } = await start({ logger, signal: stop.signal, version: version(), tracer });
    await done;
  } catch (error) {
    if (stop.signal.aborted) return;
    // A coded error is one of ours and says what to do; anything else needs its stack.
    const { code, message } = error as { readonly code?: string; readonly message: string };
    logger.fatal(code === undefined ? { err: error } : { code }, message);
    throw new CliFailure('', 1, { cause: error });
  } finally {
    await tracer?.close();
  }
}

const LEVELS: readonly string[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] satisfies LogLevel[];

function logLevel(env: CliIo['env']): LogLevel {
  const level = env['JOBHERALD_LOG_LEVEL'] || 'info';
  if (LEVELS.includes(level)) return level as LogLevel;
  throw new CliFailure(`JOBHERALD_LOG_LEVEL: must be one of ${LEVELS.join(', ')}`, 2);
}

/**
 * Logs what Node would print as plain text: warnings of libraries, and the error that ends the process.
 * After an unexpected error the process ends. Its supervisor starts it again, and Temporal has kept everything.
 */
export function logFromNode(logger: Logger): void {
  // Node's own listener prints plain text.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    // Without credentials Google's library says so by an error, too, where they are needed.
    if (name !== 'MetadataLookupWarning') logger.warn({ source: name }, message);
  });
  process.on('uncaughtException', (err, origin) => {
    logger.fatal({ err, source: origin }, 'ended by an unexpected error');
    process.exit(1);
  });
}
