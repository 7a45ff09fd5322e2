import { nearest } from '../domain/nearest';

/** ` (did you mean "x"?)`, or nothing where no word is near. */
export function didYouMean(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return meant === undefined ? '' : ` (did you mean "${meant}"?)`;
}

/** The same for one of a list of words, which stand there without quotes, too: ` (did you mean JOB_FAILED?)`. */
export function didYouMeanWord(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}
