import { isObject, type JsonObject, parseJsonOrUndefined } from '../../domain/json';

/** A message's content, or why it can never be used. */
export type Read<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'invalid'; readonly reason: string };

/** The ids that name a task in every message about it. */
export interface TaskIds {
  /** Of the workflow instance: `workflow_instance_id` today, `workflow_id` in messages of older systems. */
  readonly workflow_instance_id: string;
  readonly task_id: string;
  /** The job's name. */
  readonly execution_id: string;
}

/** `md.tasks.dispatch` (TaskDispatchEvent): the executor has started a task and expects updates about it. */
export interface Dispatch extends TaskIds {
  readonly correlation_id: string;
  readonly payload_id: string;
  /** The plug-in, in lower case: `argo`. */
  readonly type: string;
  /** Where the task's outputs are stored, without credentials. */
  readonly outputs: readonly unknown[];
}

/**
 * Reads a dispatch. Keeps only what an update needs: no credentials, no plug-in arguments (which contain tokens), no
 * inputs.
 */
export function readDispatch(bytes: Buffer): Read<Dispatch> {
  const message = readTask(bytes, ['correlation_id', 'payload_id', 'type']);
  if (message.kind === 'invalid') return message;
  const { ids, body } = message.value;
  const { outputs } = body;
  return read({
    ...ids,
    // MONAI's Task Manager ignores the case too.
    type: ids.type.toLowerCase(),
    outputs: Array.isArray(outputs) ? outputs.filter(isObject).map(withoutCredentials) : [],
  });
}

/** `md.tasks.callback` (TaskCallbackEvent): a task has ended at its executor, or its status can be asked from now on. */
export interface TaskCallback extends TaskIds {
  readonly correlation_id: string;
  /** The plug-in's own name for the task: Argo's workflow name. */
  readonly identity: string;
  /** Copied into the update, without credentials. */
  readonly metadata: JsonObject;
}

/** The form of Kubernetes' names. The identity becomes a segment of a URL's path, which would drop `.` and `..`. */
const IDENTITY = /^(?!\.{1,2}$)[a-z0-9.-]{1,63}$/;

export function readCallback(bytes: Buffer): Read<TaskCallback> {
  const message = readTask(bytes, ['correlation_id', 'identity']);
  if (message.kind === 'invalid') return message;
  const { ids, body } = message.value;
  if (!IDENTITY.test(ids.identity)) return invalid('identity does not match [a-z0-9.-]{1,63}');
  const { metadata = {} } = body;
  if (!isObject(metadata)) return invalid('metadata is not an object');
  return read({ ...ids, metadata: withoutCredentials(metadata) as JsonObject });
}

/**
 * `md.tasks.cancellation` (TaskCancellationEvent): the executor cancels the task. The message has no `correlation_id`,
 * and its `identity` is often the executor's own, so it is not used to ask for the status.
 */
export type Cancellation = TaskIds & { readonly identity: string };

export function readCancellation(bytes: Buffer): Read<Cancellation> {
  const message = readTask(bytes, ['identity']);
  return message.kind === 'invalid' ? message : read(message.value.ids);
}

/** Reads a message's bytes and its required members: the ids, and `others`. */
function readTask<O extends string>(
  bytes: Buffer,
  others: readonly O[],
): Read<{ readonly ids: TaskIds & Record<O, string>; readonly body: JsonObject }> {
  const body = parseJsonOrUndefined(bytes);
  if (body === undefined) return invalid('the body is not JSON');
  if (!isObject(body)) return invalid('the body is not a JSON object');

  const required = ['task_id', 'execution_id', ...others].map((name) => [name, textOf(body, name)] as const);
  const workflow = textOf(body, 'workflow_instance_id') ?? textOf(body, 'workflow_id');
  const members = [['workflow_instance_id', workflow] as const, ...required];
  const missing = members.filter(([, text]) => text === undefined).map(([name]) => name);
  if (missing.length > 0) return invalid(`missing or empty: ${missing.join(', ')}`);
  return read({ ids: Object.fromEntries(members) as TaskIds & Record<O, string>, body });
}

/** A member that is a text and not blank: MONAI's own validation also treats a blank as missing. */
function textOf(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function read<T>(value: T): Read<T> {
  return { kind: 'read', value };
}

function invalid(reason: string): { readonly kind: 'invalid'; readonly reason: string } {
  return { kind: 'invalid', reason };
}

/** In any spelling: `access_key`, `AccessKey`, `accessKey`, `secret-key`. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'credentials',
  'credential',
  'accesskey',
  'accesskeyid',
  'accesstoken',
  'secretkey',
  'secretaccesskey',
  'sessiontoken',
  'password',
]);

/** A copy without storage credentials, at any depth. */
function withoutCredentials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCredentials);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !SECRET_MEMBERS.has(name.replace(/[^a-z]/gi, '').toLowerCase()))
      .map(([name, member]) => [name, withoutCredentials(member)]),
  );
}
