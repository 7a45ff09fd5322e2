import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { encodeToPayloads } from '@temporalio/common/lib/internal-non-workflow';
import { signalRequestId } from '../domain/identity';

/**
 * Signals a run with a request ID of ours: the same key again does not even enter the history. The SDK's own
 * `signal()` draws a random one, so this is the raw call, with the client's own data converter.
 * @param key the sender's idempotency key or the transport's message id; absent: this signal is like no other
 * @throws gRPC NOT_FOUND where there is no open run
 */
export async function signalRun(
  client: Client,
  workflowId: string,
  signal: string,
  argument: unknown,
  key: string | undefined,
): Promise<void> {
  const { namespace, identity, loadedDataConverter } = client.options;
  await client.workflowService.signalWorkflowExecution({
    namespace,
    identity,
    workflowExecution: { workflowId },
    signalName: signal,
    requestId: key === undefined ? randomUUID() : signalRequestId(signal, key),
    input: { payloads: (await encodeToPayloads(loadedDataConverter, argument)) ?? null },
  });
}
