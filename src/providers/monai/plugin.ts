import type { JobStatus } from '../../domain/job-status';

/** Follows the tasks of one type at the service that runs them. A new type is one folder and one line in provider.ts. */
export interface Plugin {
  /**
   * @param identity the service's own name for the task, as a callback named it
   * @throws {ProviderError}
   */
  getStatus(identity: string, signal: AbortSignal): Promise<JobStatus>;
  /** Best effort; the status tells what came of it. */
  cancel(identity: string, signal: AbortSignal): Promise<void>;
  /** Gives back what the task holds; what is gone already is `not_found`. */
  release(identity: string, signal: AbortSignal): Promise<void>;
  /** One line of what `jobherald check` finds. */
  check(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export interface PluginOptions {
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** How long one call may take, ms. */
  readonly deadlineMs: number;
}
