import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Readiness } from '../gateway/routes/health';
import type { Tracer } from '../tracing/tracer';

/** A running worker or gateway. */
export interface RunningProcess {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Whether it can do its work now, and if not why. Takes two and a half seconds at most. */
  ready(): Promise<Readiness>;
  /** Resolves when it has stopped gracefully after its signal; rejects when it cannot work at all. */
  readonly done: Promise<void>;
}

export interface ProcessOptions {
  readonly logger: Logger;
  /** Stops the process gracefully. */
  readonly signal: AbortSignal;
  /** jobherald's own. */
  readonly version: string;
  /** Where the process counts. Default: one of its own, with the metrics of Node beside ours. */
  readonly registry?: Registry;
  /** Records spans; closed by whoever opened it. Default: none are recorded. */
  readonly tracer?: Tracer | undefined;
}

/** A port cannot be listened on; `message` says which, why, and where it is configured. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code = 'cannot_listen';
}

/**
 * Listens, or throws an error that says in one line why not.
 * @param section the configuration's part that says where: `/worker`
 * @throws {ListenError}
 */
export async function listening(listen: () => Promise<string>, section: string, address: string): Promise<string> {
  try {
    return await listen();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'another program listens there; stop it, or choose another port' : message;
    throw new ListenError(`cannot listen on ${address} (${section} of the configuration): ${why}`, { cause });
  }
}
