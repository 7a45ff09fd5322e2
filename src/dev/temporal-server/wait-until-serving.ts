import { setTimeout as sleep } from 'node:timers/promises';
import { dialClient } from '../../temporal/dial-client';

const LOOK_EVERY_MS = 100;
const ANSWER_WITHIN_MS = 2_000;

/**
 * Resolves once the server's own health check says SERVING, the namespace can be used, the services behind the
 * front end answer, and so does the Web UI.
 * @param signal ends the wait
 * @throws the signal's reason
 */
export async function waitUntilServing(
  server: { readonly address: string; readonly namespace: string; readonly uiUrl: string },
  signal: AbortSignal,
): Promise<void> {
  while (!(await isServing(server.address, server.namespace))) await sleep(LOOK_EVERY_MS, undefined, { signal });
  while (!(await answers(server.uiUrl))) await sleep(LOOK_EVERY_MS, undefined, { signal });
}

async function isServing(address: string, namespace: string): Promise<boolean> {
  const connection = await dialClient({ address }).catch(() => undefined);
  if (connection === undefined) return false;
  try {
    return await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, async () => {
      const { status } = await connection.healthService.check({
        service: 'temporal.api.workflowservice.v1.WorkflowService',
      });
      if (status !== 1) return false; // grpc.health.v1 SERVING
      const { workflowService } = connection;
      await workflowService.describeNamespace({ namespace });
      // The front end serves before the services behind it do. This one asks matching, the next history.
      await workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'is-anybody-there' }, taskQueueType: 1 });
      return await workflowService
        .describeWorkflowExecution({ namespace, execution: { workflowId: 'is-anybody-there' } })
        .then(
          () => true,
          (error) => error.code === 5, // gRPC NOT_FOUND: history has looked
        );
    });
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
