import type { Connection } from '@temporalio/client';
import type { TemporalConfig } from '../config/config';
import { formatDuration } from '../domain/duration';
import type { Log } from './connection';
import { type NamespaceChange, retentionOf, setUpNamespace } from './namespace';
import { missingSearchAttributes, setUpSearchAttributes } from './search-attributes';
import { SetupError } from './setup-errors';

export interface SetupReport {
  readonly namespace: NamespaceChange;
  /** The search attributes that were added. */
  readonly searchAttributes: readonly string[];
}

export interface SetupOptions {
  /** Whether a namespace that exists gets the retention of the configuration. Default: it keeps its own. */
  readonly updateRetention?: boolean;
}

/**
 * `jobherald setup`: makes namespace and search attributes what the configuration says, and resolves when they can be
 * used. Idempotent, also when several run at once.
 * @throws {SetupError} `wrong_type`, `not_allowed`, `refused`
 */
export async function setup(
  connection: Connection,
  temporal: TemporalConfig,
  log: Log,
  { updateRetention = false }: SetupOptions = {},
): Promise<SetupReport> {
  const { namespace } = temporal;
  const change = await setUpNamespace(connection, temporal, { updateRetention });
  if (change === 'created' || change === 'updated') log.info(`namespace ${namespace}: ${change}`);
  if (change === 'other_retention') {
    const own = formatDuration((await retentionOf(connection, namespace)) ?? 0);
    const wanted = formatDuration(temporal.retentionMs);
    log.warn(`namespace ${namespace} keeps its retention of ${own}; --update-retention makes it ${wanted}`);
  }
  const searchAttributes = await setUpSearchAttributes(connection, namespace);
  if (searchAttributes.length > 0)
    log.info(`namespace ${namespace}: added search attributes ${searchAttributes.join(', ')}`);
  return { namespace: change, searchAttributes };
}

/**
 * What `jobherald setup` still has to do, one phrase each; empty if nothing. Retention is not checked: a run works with
 * any.
 * @throws {SetupError} `wrong_type`
 */
export async function missingSetup(
  connection: Connection,
  { namespace }: Pick<TemporalConfig, 'namespace'>,
): Promise<readonly string[]> {
  if ((await retentionOf(connection, namespace)) === undefined) return [`namespace ${namespace} does not exist`];
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length === 0) return [];
  return [`namespace ${namespace} lacks search attributes ${missing.map(({ name }) => name).join(', ')}`];
}

/**
 * For worker and gateway, which do not start without set-up.
 * @throws {SetupError} `setup_missing`, `wrong_type`: one line that says what to do
 */
export async function requireSetup(connection: Connection, temporal: Pick<TemporalConfig, 'namespace'>): Promise<void> {
  const missing = await missingSetup(connection, temporal);
  if (missing.length > 0) throw new SetupError('setup_missing', `run "jobherald setup" first: ${missing.join('; ')}`);
}
