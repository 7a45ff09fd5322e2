import type { Log } from '../../temporal/log';
import type { Environment } from './cache-directory';

/** What every way of finding the Temporal CLI is given. */
export interface Search {
  readonly env: Environment;
  readonly log: Log;
}
