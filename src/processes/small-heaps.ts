import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How much a heap may grow, in percent of what is live, before it is collected again. By default V8 lets it double or more. */
const GROWING_PERCENT = 40;
/** After how many MiB a heap is collected for the first time. By default several hundred. */
const FIRST_COLLECTION_MIB = 96;

/**
 * Keeps the heaps of this process near what is live, for a process that waits most of the time. V8 ignores a flag that it
 * does not know (any more). Counts for heaps, such as that of the workflows, that are made later; for the heap there is see
 * {@link collectGarbage}.
 */
export function keepHeapsSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
  setFlagsFromString(`--initial-old-space-size=${FIRST_COLLECTION_MIB}`);
}

/** Collects what starting has left behind: a few hundred MiB where Google's protos were loaded. Takes about 0.1 s, once. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('typeof gc === "function" && gc');
  if (typeof collect === 'function') collect();
}
