/** An object of async functions. */
type AsyncMethods<T> = { readonly [name in keyof T]: (...args: never[]) => Promise<unknown> };

/** Makes the call, with whatever belongs before, after or around it. */
export type Around<Name> = <R>(call: () => Promise<R>, method: Name) => Promise<R>;

/**
 * The same methods, each called through `around`.
 * @param target or a function that returns it, called at each call: for a target that comes later. Only the former's methods
 *   can be listed and spread: nobody knows yet which the latter has
 */
export function wrapMethods<T extends AsyncMethods<T>>(target: T | (() => T), around: Around<keyof T>): T {
  const wrapped =
    (name: keyof T, current: () => T) =>
    (...args: never[]) =>
      around(async () => current()[name](...args), name);
  if (typeof target !== 'function') {
    const names = Object.keys(target) as (keyof T)[];
    return Object.fromEntries(names.map((name) => [name, wrapped(name, () => target)])) as T;
  }
  return new Proxy({} as T, {
    // `await` asks every object for `then`: one that had it would be taken for a promise.
    get: (_, name) => (typeof name === 'string' && name !== 'then' ? wrapped(name as keyof T, target) : undefined),
  });
}
