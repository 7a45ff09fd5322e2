import type { Victim } from '../plan/names';

/** A program that is killed and started again during a run. */
export interface Part {
  readonly name: Victim;
  /** Of the running program; undefined while there is none. */
  pid(): number | undefined;
  /** Resolves when the program runs; it may have much to do yet before it serves. */
  start(): Promise<void>;
  /** Resolves when it is gone. Harmless where it is gone already. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}
