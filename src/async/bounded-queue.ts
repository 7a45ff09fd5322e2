/** Runs work in order, so much of it at once, and refuses more than may wait. */
export interface BoundedQueue {
  /**
   * Settles as the work does.
   * @throws what `full` makes, at once, where too much is waiting
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export interface QueueBounds {
  /** How many run at once. */
  readonly atOnce: number;
  /** How many may wait besides. */
  readonly waiting: number;
  /** The error of whatever is refused. */
  readonly full: () => Error;
}

export function createBoundedQueue({ atOnce, waiting, full }: QueueBounds): BoundedQueue {
  let running = 0;
  const queue: (() => void)[] = [];
  return {
    async run(work) {
      if (running < atOnce) running++;
      else if (queue.length >= waiting) throw full();
      else await new Promise<void>((resolve) => queue.push(resolve)); // whoever ends hands on its place
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else running--;
      }
    },
  };
}
