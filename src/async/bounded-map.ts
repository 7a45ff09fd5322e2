/** A map that forgets: what outsiders name without number must not stay in memory for ever. */
export interface BoundedMap<K, V> {
  get(key: K): V | undefined;
  /** Puts it last. Beyond the bound the one that was set longest ago gives way. */
  set(key: K, value: V): void;
  delete(key: K): void;
  readonly size: number;
}

export function createBoundedMap<K, V>(maxSize: number): BoundedMap<K, V> {
  const entries = new Map<K, V>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      // A Map keeps the order of insertion.
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.keys();
      if (entries.size > maxSize && oldest !== undefined) entries.delete(oldest);
    },
    delete: (key) => {
      entries.delete(key);
    },
    get size() {
      return entries.size;
    },
  };
}
