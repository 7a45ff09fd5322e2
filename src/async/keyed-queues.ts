/** Runs work of one key in order, and of different keys concurrently. */
export interface KeyedQueues {
  add(key: string, work: () => Promise<void>): void;
  /** Resolves when all added work has run. */
  idle(): Promise<void>;
}

/** @param count how many run concurrently; keys that share a queue by their hash wait for each other */
export function createKeyedQueues(count: number): KeyedQueues {
  const tails: Promise<void>[] = Array.from({ length: count }, () => Promise.resolve());
  return {
    add(key, work) {
      const index = hash(key) % count;
      tails[index] = (tails[index] as Promise<void>).then(work);
    },
    async idle() {
      await Promise.all(tails);
    },
  };
}

/** FNV-1a, 32 bit: fast, and distributes evenly. Source: http://www.isthe.com/chongo/tech/comp/fnv */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
