import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time';
import type { TemporalConfig } from '../config/config';
import { hasStatus, SetupError, statusMessage } from './setup-errors';

const LOOK_EVERY_MS = 200;
/** Servers refresh their cache of namespaces every ten seconds. */
const VISIBLE_WITHIN_MS = 60_000;

/** What became of the namespace; `other_retention`: it exists with another retention, which was left as it is. */
export type NamespaceChange = 'created' | 'updated' | 'unchanged' | 'other_retention';

/** The retention of a namespace in ms, or undefined if the namespace does not exist. */
export async function retentionOf(connection: Connection, namespace: string): Promise<number | undefined> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return optionalTsToMs(config?.workflowExecutionRetentionTtl) ?? 0;
  } catch (error) {
    if (hasStatus(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

/**
 * Makes the namespace exist; a new one keeps closed runs for `retentionMs`. The retention of one that exists changes only
 * with `updateRetention`: others may use the namespace, and a shorter retention deletes at once what is older. Running it
 * twice, or twice at once, is harmless.
 * @throws {SetupError} `not_allowed`, `refused`
 */
export async function setUpNamespace(
  connection: Connection,
  temporal: TemporalConfig,
  { updateRetention }: { readonly updateRetention: boolean },
): Promise<NamespaceChange> {
  const { namespace, retentionMs } = temporal;
  const retention = await retentionOf(connection, namespace);
  const change = changeTo(retentionMs, { retention, updateRetention });
  const ttl = msToTs(retentionMs);
  try {
    if (change === 'updated')
      await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: ttl } });
    if (change === 'created')
      await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: ttl });
  } catch (error) {
    if (!hasStatus(error, 'ALREADY_EXISTS')) throw refusal(namespace, error);
  }
  // Also where it exists: another set-up may have made it a moment ago.
  await untilVisible(connection, namespace);
  return change;
}

function changeTo(
  retentionMs: number,
  { retention, updateRetention }: { readonly retention: number | undefined; readonly updateRetention: boolean },
): NamespaceChange {
  if (retention === undefined) return 'created';
  if (retention === retentionMs) return 'unchanged';
  return updateRetention ? 'updated' : 'other_retention';
}

function refusal(namespace: string, error: unknown): unknown {
  if (hasStatus(error, 'PERMISSION_DENIED', 'UNIMPLEMENTED', 'UNAUTHENTICATED')) {
    return new SetupError(
      'not_allowed',
      `this Temporal does not let us create or change namespace ${namespace} (${statusMessage(error)}); ` +
        'do it with its own tools (Temporal Cloud: the Cloud UI or "tcld namespace"), with the retention of temporal.retention',
      { cause: error },
    );
  }
  if (hasStatus(error, 'INVALID_ARGUMENT')) {
    return new SetupError('refused', `Temporal refuses namespace ${namespace}: ${statusMessage(error)}`, {
      cause: error,
    });
  }
  return error;
}

async function untilVisible(connection: Connection, namespace: string): Promise<void> {
  const deadline = Date.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace });
      return;
    } catch (error) {
      if (!hasStatus(error, 'NOT_FOUND') || Date.now() > deadline) throw error;
    }
    await sleep(LOOK_EVERY_MS);
  }
}
