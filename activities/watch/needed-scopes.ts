import type { Scope } from '../../src/domain/scope-watch';
import { openJobs } from '../../src/engine';
import { watchingOf } from '../../src/providers/watching-of';
import type { Dependencies } from '../dependencies';

const MINUTE = 60_000;
/** All open jobs are read this often; in between only what was started since. */
const FULL_READ_EVERY_MS = 10 * MINUTE;
/** Overlap of two readings: what the index may be behind. */
const OVERLAP_MS = 2 * MINUTE;

/** The scopes that have to be watched: the configured ones, and every one that has an open job. */
export function createNeededScopes({
  client,
  config,
  providers,
}: Pick<Dependencies, 'client' | 'config' | 'providers'>): () => Promise<readonly Scope[]> {
  const { taskQueue } = config.temporal;
  const found = new Map<string, Scope>();
  let fullReadAt = -Infinity;
  let readSince = 0;

  return async () => {
    const beganAt = Date.now();
    const isFull = performance.now() - fullReadAt >= FULL_READ_EVERY_MS;
    if (isFull) found.clear();
    for (const [name, provider] of providers) {
      const watching = watchingOf(provider);
      if (!watching) continue;
      const add = (scope: string) => found.set(`${name}/${scope}`, { provider: name, scope });
      if (provider.track.auto) for (const each of watching.tracked.scopes) add(watching.scopeOf(`${each}/`));
      const query = { taskQueue, idPrefix: `${name}/`, ...(!isFull && { startedSince: readSince - OVERLAP_MS }) };
      for await (const page of openJobs(client, query)) {
        for (const { job, watchKey } of page) {
          if (watching.keyOf(job, watchKey) !== undefined) add(watching.scopeOf(job));
        }
      }
    }
    if (isFull) fullReadAt = performance.now();
    readSince = beganAt;
    return [...found.values()];
  };
}
