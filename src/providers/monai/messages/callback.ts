import { isObject, type JsonObject } from '../../../domain/json';
import { invalid, type Read, read, readBody } from './body';
import { readIds, type TaskIds } from './ids';
import { withoutCredentials } from './without-credentials';

/** `md.tasks.callback` (TaskCallbackEvent): a task has come to an end at its executor, or has got that far that it can be asked. */
export interface TaskCallback extends TaskIds {
  readonly correlation_id: string;
  /** The plug-in's own name for the task: Argo's workflow name. */
  readonly identity: string;
  /** Goes into the update, without credentials. */
  readonly metadata: JsonObject;
}

/** Kubernetes' own names; it becomes a part of a URL. */
const IDENTITY = /^[a-z0-9.-]{1,63}$/;

export function readCallback(bytes: Buffer): Read<TaskCallback> {
  const body = readBody(bytes);
  if (body.kind === 'invalid') return body;
  const ids = readIds(body.value, ['correlation_id', 'identity']);
  if (ids.kind === 'invalid') return ids;
  if (!isIdentity(ids.value.identity)) return invalid(`identity is not of the form ${IDENTITY.source}`);
  const { metadata = {} } = body.value;
  if (!isObject(metadata)) return invalid('metadata is no object');
  return read({ ...ids.value, metadata: withoutCredentials(metadata) as JsonObject });
}

export function isIdentity(text: string): boolean {
  // A URL's path would lose `.` and `..`.
  return IDENTITY.test(text) && !/^\.{1,2}$/.test(text);
}
