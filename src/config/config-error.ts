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
  return faults.map(({ pointer, text }) => `${pointer}: ${text}`).join('\n');
}
