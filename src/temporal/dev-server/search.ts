import type { Environment } from '../cache-directory';
import type { Log } from '../log';

/** What every way of finding the Temporal CLI is given. */
export interface Search {
  readonly env: Environment;
  readonly log: Log;
}
