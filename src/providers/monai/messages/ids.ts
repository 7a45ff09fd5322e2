import type { JsonObject } from '../../../domain/json';
import { invalid, missingTexts, type Read, read, textOf } from './body';

/** What names a task in every message about it. */
export interface TaskIds {
  /** Of the workflow instance; `workflow_instance_id` today, `workflow_id` in messages of older systems. */
  readonly workflow_instance_id: string;
  readonly task_id: string;
  /** The job's name. */
  readonly execution_id: string;
}

/** @param others further members that have to be there */
export function readIds<O extends string>(body: JsonObject, others: readonly O[]): Read<TaskIds & Record<O, string>> {
  const workflow = textOf(body, 'workflow_instance_id') ?? textOf(body, 'workflow_id');
  const missing = [
    ...(workflow === undefined ? ['workflow_instance_id'] : []),
    ...missingTexts(body, ['task_id', 'execution_id', ...others]),
  ];
  if (missing.length > 0) return invalid(`missing or empty: ${missing.join(', ')}`);
  const named = ['task_id', 'execution_id', ...others].map((name) => [name, textOf(body, name)]);
  return read({ workflow_instance_id: workflow, ...Object.fromEntries(named) } as TaskIds & Record<O, string>);
}
