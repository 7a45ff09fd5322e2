import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time';
import type { TemporalConfig } from '../config/config';
import { hasStatus, SetupError, statusMessage } from './setup-errors';

const LOOK_EVERY_MS = 200;
/** Servers refresh their cache of namespaces every ten seconds. */
const VISIBLE_WITHIN_MS = 60_000;

type Change = 'created' | 'updated' | 'unchanged';

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
 * Makes the namespace exist and keep closed runs for `retentionMs`. Running it twice, or twice at once, is harmless.
 * @throws {SetupError} `not_allowed`, `refused`
 */
export async function setUpNamespace(connection: Connection, temporal: TemporalConfig): Promise<Change> {
  const { namespace, retentionMs } = temporal;
  const retention = await retentionOf(connection, namespace);
  if (retention === retentionMs) return 'unchanged';
  const ttl = msToTs(retentionMs);
  try {
    if (retention !== undefined) {
      await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: ttl } });
      return 'updated';
    }
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: ttl });
  } catch (error) {
    if (!hasStatus(error, 'ALREADY_EXISTS')) throw refusal(namespace, error);
  }
  await untilVisible(connection, namespace);
  return 'created';
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
