import { MAX_ENDPOINTS } from '../../src/domain/job-run';
import { isJobState } from '../../src/domain/job-state';
import type { JobStatus } from '../../src/domain/job-status';
import { isObject } from '../../src/domain/json';
import type { Subscription } from '../../src/domain/subscription';
import type { WatchRules } from '../../src/domain/watch-rules';
import { FORMATS } from '../../src/formats/vocabulary';

/** Longest deadline a heartbeat may set: a year. Anything longer is a mistake in units. */
const MAX_DEADLINE_SECONDS = 366 * 24 * 3600;
/** Over a hundred years: more than a submission can say, and less than the 292 that Temporal's timers hold. */
const MAX_SECONDS = 4e9;

type Check = (value: unknown) => boolean;

/** Whether a value says how a job is, so that nothing in it fails when it is applied. */
export function isStatus(value: unknown): value is JobStatus {
  return isObject(value) && isJobState(value['state']) && hasMembers(value, STATUS);
}

const isText = (value: unknown): value is string => typeof value === 'string';
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

/** A heartbeat deadline that can be waited for, or none. */
export function isDeadlineOrNone(seconds: unknown): boolean {
  return isSecondsOrNone(seconds) && ((seconds ?? 0) as number) <= MAX_DEADLINE_SECONDS;
}

/** A time that a timer of Temporal can wait for, or none. */
export function isSecondsOrNone(seconds: unknown): boolean {
  return seconds === undefined || (typeof seconds === 'number' && seconds > 0 && seconds <= MAX_SECONDS);
}

/** Whether a value says whom a run is to notify, so that nothing in it fails when that is done. */
export function areSubscriptions(value: unknown): value is readonly Subscription[] {
  return Array.isArray(value) && value.length <= MAX_ENDPOINTS && value.every(objectOf(SUBSCRIPTION));
}

/** As the configuration has it, and as endpoints are named that a submission brings along. */
const ENDPOINT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const areVars = listOf(objectOf({ name: isText, value: isText }));

const SUBSCRIPTION: Readonly<Record<keyof Subscription, Check>> = {
  endpoint: (value) => isText(value) && ENDPOINT.test(value),
  events: listOf(isText),
  format: oneOf(...FORMATS),
  inline: optional(objectOf({ url: isText, secret: optional(isText) })),
  vars: optional(areVars),
  selected: optional(listOf(objectOf({ name: isText, vars: areVars }))),
  source: optional(objectOf({ application: isText, environment_type: isText })),
};
