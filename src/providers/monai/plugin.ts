import type { JobStatus } from '../../domain/job-status';
import type { ListedJob } from '../watching';

/** Reads and controls the tasks of one type at the service that runs them. A new type is one folder and one line in provider.ts. */
export interface Plugin {
  /**
   * @param identity the service's own name for the task, from a callback
   * @throws {ProviderError}
   */
  getStatus(identity: string, signal: AbortSignal): Promise<JobStatus>;
  /** Lists the open tasks by their identities, page by page. Absent: there is nothing to list. */
  list?(signal: AbortSignal): AsyncGenerator<readonly ListedJob[], void, undefined>;
  /** Best effort: the status shows the outcome. */
  cancel(identity: string, signal: AbortSignal): Promise<void>;
  /** Releases the task's resources. @throws {ProviderError} `not_found` where they are released already */
  release(identity: string, signal: AbortSignal): Promise<void>;
  /** For `jobherald check`: one line with the result. */
  check(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export interface PluginOptions {
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** The timeout of one call, ms. */
  readonly deadlineMs: number;
}
