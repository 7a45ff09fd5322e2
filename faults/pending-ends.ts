import type { TakenNote } from './receivers/receiver-process';

/** Which endpoints still wait for which job's end: when none does, a run is over. */
export interface PendingEnds {
  add(pair: { readonly endpoint: string; readonly provider: string; readonly job: string }): void;
  taken(note: TakenNote): void;
  count(): number;
  /** Some of them, for people. */
  some(): readonly string[];
}

const IS_END = /^job\.(?:succeeded|failed|canceled|partially_failed)$/;

export function pendingEnds(): PendingEnds {
  const open = new Set<string>();
  const early = new Set<string>();
  const key = (pair: { readonly endpoint: string; readonly provider: string; readonly job: string }) =>
    `${pair.endpoint} ${pair.provider}/${pair.job}`;
  return {
    add(pair) {
      // The end may be delivered before the answer to the submission has come.
      if (!early.delete(key(pair))) open.add(key(pair));
    },
    taken(note) {
      if (IS_END.test(note.type) && !open.delete(key(note))) early.add(key(note));
    },
    count: () => open.size,
    some: () => [...open].slice(0, 3),
  };
}
