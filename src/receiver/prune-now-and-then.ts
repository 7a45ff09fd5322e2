import type { Store } from './store';

const PRUNE_EVERY_MS = 60_000;

/**
 * To be called after each webhook: forgets what is old, at most once a minute, sooner where there is more of it. It
 * happens after the answer, and nothing waits for it.
 */
export function pruneNowAndThen(store: Pick<Store<never>, 'prune'>, onError: (error: unknown) => void): () => void {
  let notBefore = 0;
  return () => {
    if (Date.now() < notBefore) return;
    notBefore = Date.now() + PRUNE_EVERY_MS;
    setImmediate(() => {
      store.prune().then((isThereMore) => {
        if (isThereMore) notBefore = 0;
      }, onError);
    }).unref();
  };
}
