import { isJobState } from '../../src/domain/job-state';
import type { JobStatus } from '../../src/domain/job-status';
import { isObject } from '../../src/domain/json';
import type { WatchRules } from '../../src/domain/watch-rules';
import { isSecondsOrNone } from './read-message';

type Check = (value: unknown) => boolean;

/** Whether a value says how a job is, so that nothing in it fails when it is applied. */
export function isStatus(value: unknown): value is JobStatus {
  return isObject(value) && isJobState(value['state']) && hasMembers(value, STATUS);
}

const isText: Check = (value) => typeof value === 'string';
const isTextOrNull: Check = (value) => value === null || isText(value);
const isCount: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isBoolean: Check = (value) => typeof value === 'boolean';

const optional =
  (is: Check): Check =>
  (value) =>
    value === undefined || is(value);
const nullable =
  (is: Check): Check =>
  (value) =>
    value === null || is(value);
const listOf =
  (is: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(is);
const oneOf =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const objectOf =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && hasMembers(value, members);

const hasMembers = (value: Readonly<Record<string, unknown>>, members: Readonly<Record<string, Check>>) =>
  Object.entries(members).every(([name, is]) => is(value[name]));

const STATUS: Readonly<Record<Exclude<keyof JobStatus, 'state'>, Check>> = {
  provider_state: isText,
  reason: isTextOrNull,
  message: isTextOrNull,
  error: nullable(objectOf({ code: (code) => isText(code) || typeof code === 'number', message: isText })),
  artifacts: listOf(objectOf({ uri: isText, type: isText, query: optional(isText) })),
  artifacts_total: optional(isCount),
  progress: nullable((value) => isObject(value) && Object.values(value).every((each) => typeof each === 'number')),
  started_at: isTextOrNull,
  ended_at: isTextOrNull,
  warnings: optional(listOf(isText)),
  native: optional(isObject),
};

/** Whether a value says how a job is to be watched. */
export function isRules(value: unknown): value is WatchRules {
  return isObject(value) && hasMembers(value, RULES);
}

const RULES: Readonly<Record<keyof WatchRules, Check>> = {
  truth: oneOf('provider', 'messages'),
  ask_from: optional(oneOf('start', 'identity')),
  stalled: optional(objectOf({ grace_seconds: isCount, fail_after: isCount })),
  timeout_seconds: isSecondsOrNone,
  safety_seconds: isSecondsOrNone,
  release: optional(isBoolean),
};

/** Whether a value is an object of texts. */
export function areLabels(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every(isText);
}
