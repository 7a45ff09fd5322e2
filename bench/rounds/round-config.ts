import type { Config } from '../../src/config/config';
import { testConfig } from '../../test/support/test-config';

export const TEN = Array.from({ length: 10 }, (_, i) => `endpoint-${i}`);
export const ONE = TEN.slice(0, 1);
/** Its receiver reports when a request arrives. */
export const TIMED = ['timed'];
/** Where a POST to it goes, behind the receiver's origin. */
export const TIMED_PATH = '/timed';

/** The configuration of the worker and the client alike. */
export function roundConfig(temporal: { address: string; taskQueue: string }, sinkUrl: string): Config {
  return testConfig({
    temporal,
    endpoints: [
      ...TEN.map((name) => ({ name, url: `${sinkUrl}?${name}` })),
      ...TIMED.map((name) => ({ name, url: new URL(TIMED_PATH, sinkUrl).href })),
    ],
  });
}
