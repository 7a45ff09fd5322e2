import { isObject } from '../../../domain/json';
import { type Read, read, readBody, textOf } from './body';
import { readIds, type TaskIds } from './ids';
import { withoutCredentials } from './without-credentials';

/** `md.tasks.dispatch` (TaskDispatchEvent): the executor has started a task, and is told what becomes of it. */
export interface Dispatch extends TaskIds {
  readonly correlation_id: string;
  readonly payload_id: string;
  /** Names the plug-in, in lower case: `argo`. */
  readonly type: string;
  /** Where the task's outputs are to be, without credentials. */
  readonly outputs: readonly unknown[];
}

/**
 * Reads a dispatch, and keeps only what an update needs: no credentials, no plug-in arguments (among which tokens
 * stand), no inputs.
 */
export function readDispatch(bytes: Buffer): Read<Dispatch> {
  const body = readBody(bytes);
  if (body.kind === 'invalid') return body;
  const ids = readIds(body.value, ['correlation_id', 'payload_id', 'type']);
  if (ids.kind === 'invalid') return ids;
  const { outputs } = body.value;
  return read({
    ...ids.value,
    // MONAI's Task Manager does not mind the case either.
    type: (textOf(body.value, 'type') ?? '').toLowerCase(),
    outputs: Array.isArray(outputs) ? outputs.filter(isObject).map(withoutCredentials) : [],
  });
}
