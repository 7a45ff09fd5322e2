import { nearest } from '../domain/nearest';

/** ` (did you mean "x"?)`, or nothing where no word is near. */
export function didYouMean(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return meant === undefined ? '' : ` (did you mean "${meant}"?)`;
}

/**
 * The same for a word that is none of a list, which stands there without quotes, too:
 * `, not "JobFailed" (did you mean JOB_FAILED?)`. A text that is near none of them is not repeated: it may be a secret.
 */
export function didYouMeanWord(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return meant === undefined ? '' : `, not "${word}" (did you mean ${meant}?)`;
}
