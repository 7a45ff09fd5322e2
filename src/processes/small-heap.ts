import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 collect garbage sooner. Left alone it lets a heap grow several times beyond what lives in it before it looks,
 * measured by the memory of the machine: a burst of submissions then leaves a worker at twice its weight or more, however
 * few runs it holds. See docs/benchmarks.md for both figures.
 *
 * For this process and the threads it starts from now on, so before any worker is made.
 */
export function keepHeapSmall(): void {
  // A heap is collected when it has grown by half, rather than up to four times.
  setFlagsFromString('--heap-growing-percent=50');
  // MiB, of three, for what is just made. Workflow threads only: the main thread has its own since it started.
  setFlagsFromString('--max-semi-space-size=4');
}
