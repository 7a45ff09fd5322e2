import type { Fault } from './fault';

/** The configuration cannot be used. Holds every fault, so that one run of the program is enough to mend them all. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    readonly faults: readonly Fault[],
    options?: ErrorOptions,
  ) {
    super(formatFaults(faults), options);
  }
}

/** One line for each fault: `/endpoints/0/url: is required`. */
export function formatFaults(faults: readonly Fault[]): string {
  return faults.map(({ pointer, text }) => onOneLine(`${pointer}: ${text}`)).join('\n');
}

/** A key, or the file's name, may hold line breaks and what moves a terminal's cursor. They are spelt as in JSON: `\u000a`. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
