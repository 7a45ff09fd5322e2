import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Sink {
  readonly url: string;
  /** When the next request to `/timed` came in, on the clock of `process.hrtime.bigint()`, which processes share. */
  nextArrivalNs(): Promise<bigint>;
  /** When each of them came in so far. */
  readonly arrivalsNs: readonly bigint[];
  stop(): void;
}

/** A receiver in a process of its own, so that it does not share a core's time with what is measured. */
export async function startSink(): Promise<Sink> {
  const child = fork(`${__dirname}/sink-process.js`, { execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  const arrivalsNs: bigint[] = [];
  child.on('message', ({ arrivedNs }: { arrivedNs: string }) => arrivalsNs.push(BigInt(arrivedNs)));
  return {
    arrivalsNs,
    url: `http://127.0.0.1:${port}/hook`,
    nextArrivalNs: async () => {
      const [{ arrivedNs }] = (await once(child, 'message')) as [{ arrivedNs: string }];
      return BigInt(arrivedNs);
    },
    stop: () => void child.kill(),
  };
}
