import { type Read, readBody } from './body';
import { readIds, type TaskIds } from './ids';

/**
 * `md.tasks.cancellation` (TaskCancellationEvent): the executor does not want the task any more. It has no
 * `correlation_id`, and its `identity` is often the executor's own, so that nothing is asked by it.
 */
export type Cancellation = TaskIds & { readonly identity: string };

export function readCancellation(bytes: Buffer): Read<Cancellation> {
  const body = readBody(bytes);
  return body.kind === 'invalid' ? body : readIds(body.value, ['identity']);
}
