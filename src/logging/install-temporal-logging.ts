import { Runtime, type LogLevel as TemporalLevel, type Logger as TemporalLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

let installed = false;

/**
 * Sends the log of the Temporal SDK and its native core to our log; the core's from `warn` up. The SDK's runtime
 * is one for each process and can be made once, so the first caller's logger stays. It also leaves the
 * process's signals to us.
 */
export function installTemporalLogging(logger: Logger): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: temporalLogger(logger),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
  });
}

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The SDK logs a worker's start and stop at `info`; we log them ourselves. */
const QUIETER = { ...LEVELS, INFO: 'debug' } as const;

export function temporalLogger(logger: Logger): TemporalLogger {
  const log = (level: TemporalLevel, message: string, meta: Readonly<Record<string | symbol, unknown>> = {}): void => {
    const { sdkComponent, taskQueue: _always, error, ...rest } = meta;
    const levels = sdkComponent === 'worker' || sdkComponent === 'core' ? QUIETER : LEVELS;
    logger[levels[level]](
      { ...rest, ...(error !== undefined && { err: error }), source: `temporal ${String(sdkComponent ?? 'sdk')}` },
      message,
    );
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
