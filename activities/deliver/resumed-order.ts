import { setTimeout as sleep } from 'node:timers/promises';

/** Temporal fires what is due in batches, whose order is lost: so long the first that comes waits for others. */
const GATHER_MS = 250;
/** So that one is sent before the next. */
const APART_MS = 10;

interface Waiting {
  readonly since: number;
  readonly go: () => void;
}

/** Resolves when it is a delivery's turn to go on: of those of one endpoint that come together, the one that waits longest is first. */
export type TakeTurn = (endpoint: string, waitingSince: number) => Promise<void>;

/** Lets the deliveries of a resumed endpoint go on in the order in which they began to wait. */
export function createResumedOrder(): TakeTurn {
  const queues = new Map<string, Waiting[]>();

  const letGo = async (endpoint: string, queue: Waiting[]): Promise<void> => {
    await sleep(GATHER_MS);
    while (queue.length > 0) {
      const oldest = queue.reduce((one, other) => (other.since < one.since ? other : one));
      queue.splice(queue.indexOf(oldest), 1);
      oldest.go();
      await sleep(APART_MS);
    }
    queues.delete(endpoint);
  };

  return (endpoint, since) =>
    new Promise((go) => {
      const queue = queues.get(endpoint);
      if (queue) {
        queue.push({ since, go });
        return;
      }
      const begun = [{ since, go }];
      queues.set(endpoint, begun);
      void letGo(endpoint, begun);
    });
}
