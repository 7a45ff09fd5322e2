import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Readiness } from '../gateway/routes/health';

/** A worker or gateway under way. */
export interface RunningProcess {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Whether it can do its work now, and if not why. Takes two seconds at most. */
  ready(): Promise<Readiness>;
  /** Resolves when it has stopped in good order after its signal; rejects when it cannot do its work at all. */
  readonly done: Promise<void>;
}

export interface ProcessOptions {
  readonly logger: Logger;
  /** Stops the process in good order. */
  readonly signal: AbortSignal;
  /** jobherald's own. */
  readonly version: string;
  /** Where the process counts. Default: one of its own, with the metrics of Node beside ours. */
  readonly registry?: Registry;
}
