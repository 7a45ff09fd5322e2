/** Does each of some things once, another one first each time: whoever comes second finds the garbage of the first. */
export async function inTurn<Kind extends string, T>(
  things: Readonly<Record<Kind, () => Promise<T>>>,
  turn: number,
): Promise<Record<Kind, T>> {
  const names = Object.keys(things) as Kind[];
  const results = {} as Record<Kind, T>;
  for (let i = 0; i < names.length; i++) {
    const name = names[(i + turn) % names.length] as Kind;
    results[name] = await things[name]();
  }
  return results;
}
