import type { Connection } from '@temporalio/client';
import type { TemporalConfig } from '../config/config';
import type { Log } from './connection';
import { retentionOf, setUpNamespace } from './namespace';
import { missingSearchAttributes, setUpSearchAttributes } from './search-attributes';
import { SetupError } from './setup-errors';

export interface SetupReport {
  readonly namespace: 'created' | 'updated' | 'unchanged';
  /** The search attributes that were added. */
  readonly searchAttributes: readonly string[];
}

/**
 * `jobherald setup`: makes namespace, retention and search attributes what the configuration says, and resolves when
 * they can be used. Idempotent, also when several run at once.
 * @throws {SetupError} `wrong_type`, `not_allowed`, `refused`
 */
export async function setup(connection: Connection, temporal: TemporalConfig, log: Log): Promise<SetupReport> {
  const { namespace } = temporal;
  const change = await setUpNamespace(connection, temporal);
  if (change !== 'unchanged') log.info(`namespace ${namespace}: ${change}`);
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
