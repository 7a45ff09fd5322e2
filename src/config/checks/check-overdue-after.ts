import type { Fault } from '../fault';
import { when } from './when';

/** @param at pointer of the provider's section */
export function checkOverdueAfter(
  at: string,
  { overdueAfterMs }: { readonly overdueAfterMs: number | null },
): readonly Fault[] {
  return when(overdueAfterMs !== null && overdueAfterMs <= 0, {
    pointer: `${at}/overdue_after`,
    text: 'must be more than 0',
  });
}
