import type { ListedJob } from './watching';

/**
 * How much earlier than its submission here a job may have been created, at a list that is read back to an age. An
 * older one is asked about by itself.
 */
export const CREATED_BEFORE_MS = 5 * 60 * 1_000;

/**
 * When the last job of a page was created, epoch ms, as long as every job so far came newest first; NaN ever after one
 * that did not, or that has no time.
 * @param before the same of the page before; Infinity before the first
 */
export function lastOfDescending(page: readonly ListedJob[], before: number): number {
  return page.reduce((last, { created_at }) => {
    const created = Date.parse(created_at ?? '');
    return created <= last ? created : Number.NaN;
  }, before);
}
