import { condition, defineSignal, setHandler } from '@temporalio/workflow';

// What a workflow must not do: its module keeps what a run has written, in every way there is.
let count = 0;
const names = new Map<string, number>();
const list: string[] = [];
const next = (() => {
  let inner = 0;
  return () => ++inner;
})();
const numbers = (function* () {
  for (let i = 0; ; i++) yield i;
})();
const holder = new (class {
  #held = '';
  hold(name: string) {
    this.#held += name;
  }
})();
const weak = new WeakMap<object, string>();
const KEY = {};
let replaced = { as: 'before' };

/** Waits for the signal `go`, so that two runs can be interleaved. */
export async function keepsState(name: string): Promise<void> {
  let isGone = false;
  setHandler(defineSignal('go'), () => {
    isGone = true;
  });
  count += 1;
  names.set(name, count);
  list.push(name);
  next();
  numbers.next();
  holder.hold(name);
  weak.set(KEY, name);
  replaced = { ...replaced };
  await condition(() => isGone);
}

/** Keeps nothing but what is its own. */
export async function keepsNothing(name: string): Promise<number> {
  const own = new Map([[name, 1]]);
  await condition(() => own.size > 0);
  return own.size;
}
