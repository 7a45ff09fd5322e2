/**
 * Lends a database, or a connection to one, to one effect. An effect that failed, or is over its time, may go on all the same:
 * what it writes then must not become part of another webhook's transaction, nor be kept by itself.
 */
export async function lend<Database extends object>(
  database: Database,
  use: (lent: Database) => Promise<void>,
): Promise<void> {
  let isOver = false;
  const guarded = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, name) {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (isOver)
            throw new Error('the transaction of this webhook has been rolled back; nothing is written any more');
          const result: unknown = value.apply(target, args);
          return name === 'prepare' && typeof result === 'object' && result !== null ? guarded(result) : result;
        };
      },
    });
  try {
    await use(guarded(database));
  } catch (error) {
    isOver = true;
    throw error;
  }
}
