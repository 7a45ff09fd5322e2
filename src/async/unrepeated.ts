import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<'when_busy' | 'ever'>();

/** Makes calls that are not repeated where the server says that it is asked too often: somebody waits for the answer. */
export function unrepeated<T>(call: () => Promise<T>): Promise<T> {
  return storage.run('when_busy', call);
}

/** Makes a call once, whatever comes of it: its first error says most. */
export function once<T>(call: () => Promise<T>): Promise<T> {
  return storage.run('ever', call);
}

/** What is not repeated of the call that is being made. */
export function whatIsUnrepeated(): 'when_busy' | 'ever' | undefined {
  return storage.getStore();
}
