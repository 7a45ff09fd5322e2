import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<true>();

/** Makes calls that are not repeated where the server says that it is asked too often: somebody waits for the answer. */
export function unrepeated<T>(call: () => Promise<T>): Promise<T> {
  return storage.run(true, call);
}

export function isUnrepeated(): boolean {
  return storage.getStore() === true;
}
