import type { HttpServiceConfig, HttpStateRule } from '../../config/config';
import type { JobState } from '../../domain/job-state';
import { firstAt, numberAt, wordAt } from './words';

export interface ReadState {
  readonly state: JobState;
  /** The service's own word; '' where it said none. */
  readonly word: string;
  readonly reason: string | null;
  /** Whether neither map nor rules know the word. */
  readonly isUnknown: boolean;
}

/** The state by the service's map, or by the first of its rules that holds. An unknown word is never an end. */
export function readState(document: unknown, { at, map, rules }: HttpServiceConfig['state']): ReadState {
  const word = wordAt(document, at) ?? '';
  const rule = rules.find((each) => holds(document, word, each));
  if (rule) return { state: rule.state, word, reason: rule.reason || null, isUnknown: false };
  const mapped = Object.hasOwn(map, word) ? map[word] : undefined;
  return { state: mapped ?? 'RUNNING', word, reason: null, isUnknown: mapped === undefined };
}

/** Whatever a rule names has to be so. */
function holds(document: unknown, word: string, { when, at, above, equals, present }: HttpStateRule): boolean {
  if (when !== null && when !== word) return false;
  if (above !== null && !((numberAt(document, at) ?? Number.NEGATIVE_INFINITY) > above)) return false;
  if (equals !== null && wordAt(document, at) !== equals) return false;
  return present === null || (firstAt(document, at) !== undefined) === present;
}
