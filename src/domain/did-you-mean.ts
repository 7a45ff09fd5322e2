import { nearest } from './nearest';

/** ` (did you mean "x"?)`, or nothing where no word is near. */
export function didYouMean(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return meant === undefined ? '' : ` (did you mean "${meant}"?)`;
}

/**
 * What is wrong with a word that is none of a list, the useful part first: the list may be long. A text that is near none
 * of them is not repeated: it may be a secret.
 */
export function noneOf(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  const choices = `must be one of ${words.join(', ')}`;
  return meant === undefined ? choices : `did you mean ${meant}? "${word}" is not known; it ${choices}`;
}
