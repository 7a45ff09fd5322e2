/** Nobody mistypes a word of this length, and comparing two costs the product of their lengths. */
const MAX_LENGTH = 64;

/**
 * The candidate that a mistyped word most likely meant, for "did you mean …?"; undefined when none is near.
 * Near is at most a third of the word's letters (but always one) inserted, removed, exchanged, or swapped with the next.
 * Letter case, dashes, underscores and spaces do not count: they are what people get wrong first.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    if (candidate.length > MAX_LENGTH) continue;
    const distance = editDistance(letters(word), letters(candidate));
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

function letters(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Optimal string alignment, row by row. */
function editDistance(a: string, b: string): number {
  let twoAbove: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const exchange = cell(above, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const crosswise = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = crosswise ? cell(twoAbove, column - 2) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(exchange, swap, cell(above, column) + 1, cell(current, column - 1) + 1));
    }
    twoAbove = above;
    above = current;
  }
  return cell(above, b.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
