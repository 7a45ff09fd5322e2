import { beginning } from './text-size';

/** What outsiders write, in the Markdown of the Web UI: it shows as it is, on one line, and forms nothing. */

/** @param maxLength in characters */
export function markdownText(text: string, maxLength = 300): string {
  return oneLine(text, maxLength)
    .replace(/[\\`*[\]<>|~&]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
}

/** As code, also in a cell of a table. */
export function markdownCode(text: string, maxLength = 1_000): string {
  const line = oneLine(text, maxLength).replaceAll('|', '\\|');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  // A space at both ends is no part of the code (CommonMark 0.31, section 6.1).
  const padding = longest > 0 ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Temporal takes 400. */
const MAX_SUMMARY_BYTES = 200;

/** The summary of a run, as much of it as fits into a row of the Web UI's list. */
export function runSummary(text: string): string {
  return beginning(text, MAX_SUMMARY_BYTES);
}

function oneLine(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
