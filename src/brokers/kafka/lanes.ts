/** Runs work of one lane one after the other, and of different lanes beside each other. */
export interface Lanes {
  /** @param lane any text; the same text is the same lane */
  add(lane: string, work: () => Promise<void>): void;
  /** Resolves when all that was added has run. */
  idle(): Promise<void>;
}

/** @param count how many run at once; texts that share a lane by chance wait for each other */
export function createLanes(count: number): Lanes {
  const ends: Promise<void>[] = Array.from({ length: count }, () => Promise.resolve());
  return {
    add(lane, work) {
      const index = hash(lane) % count;
      ends[index] = (ends[index] as Promise<void>).then(work);
    },
    async idle() {
      await Promise.all(ends);
    },
  };
}

/** FNV-1a, 32 bit: spreads, and is quick. Source: http://www.isthe.com/chongo/tech/comp/fnv */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
