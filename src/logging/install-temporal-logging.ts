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

type Meta = Readonly<Record<string | symbol, unknown>>;

/** Which attempt of which activity of which run says it. The rest of what the SDK adds says the same again, or nothing to a reader. */
const CONTEXT = ['attempt', 'activityType', 'workflowType', 'workflowId', 'workflowRunId', 'runId'] as const;
const LEFT_OUT = ['taskQueue', 'taskToken', 'isLocal', 'namespace', 'activityId', 'sdkComponent', 'error', ...CONTEXT];

/**
 * Each of the core's pollers says every few seconds that Temporal is away. Whether it is the process says itself, once: see
 * watch-reachability.ts.
 */
const OUTAGE =
  /code: '?(Unavailable|The service is currently unavailable|DeadlineExceeded|Deadline expired)|transport error|transport::Error|Timeout expired/;

/** An attempt has outlived its time-out, in an outage for example, and another one has taken over: that is how it is meant to be. */
const TAKEN_OVER = /^Activity not found on completion/;

/** Two of the pollers of a worker run activities only. */
const ON_PURPOSE = 'No workflows registered, not polling for workflow tasks';

function isToBeExpected(message: string, { sdkComponent, err, error }: Meta): boolean {
  if (message === ON_PURPOSE) return true;
  if (sdkComponent !== 'core') return isUnavailable(error);
  return TAKEN_OVER.test(message) || OUTAGE.test(`${message} ${err ?? error ?? ''}`);
}

/** Of an activity that has failed the SDK says no more than that. */
function what(message: string, { activityType, error }: Meta): string {
  return message === 'Activity failed' && error instanceof Error
    ? `${activityType} failed: ${error.message.split('\n')[0]}`
    : message;
}

/** gRPC's code of a server that is not there. */
const UNAVAILABLE = 14;

/** An activity has failed, or what it has tried on the side, because Temporal is away. */
function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'ServiceError'
    ? isUnavailable(error.cause)
    : (error as { readonly code?: unknown }).code === UNAVAILABLE;
}

/** The SDK logs a worker's start and stop at `info`; we log them ourselves. */
const QUIETER = { ...LEVELS, INFO: 'debug' } as const;

export function temporalLogger(logger: Logger): TemporalLogger {
  const log = (level: TemporalLevel, message: string, meta: Meta = {}): void => {
    const { sdkComponent, error } = meta;
    const levels = sdkComponent === 'worker' || sdkComponent === 'core' ? QUIETER : LEVELS;
    const said = Object.entries(meta).filter(([name]) => !LEFT_OUT.includes(name));
    const context = CONTEXT.filter((name) => meta[name] !== undefined).map((name) => [name, meta[name]]);
    logger[isToBeExpected(message, meta) ? 'debug' : levels[level]](
      {
        ...Object.fromEntries(said),
        ...(error !== undefined && { err: error }),
        ...Object.fromEntries(context),
        source: `temporal ${String(sdkComponent ?? 'sdk')}`,
      },
      what(message, meta),
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
