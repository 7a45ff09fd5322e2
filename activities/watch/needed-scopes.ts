import type { Scope } from '../../src/domain/scope-watch';
import type { Provider } from '../../src/providers/provider';
import type { Watching } from '../../src/providers/watching';
import { watchingOf } from '../../src/providers/watching-of';
import type { Dependencies } from '../dependencies';
import { createOpenJobsReader } from './open-jobs-reader';

type Reach = Pick<Dependencies, 'client' | 'config' | 'providers'>;

/** The scopes that have to be watched: the configured ones, and every one that has an open job. */
export function createNeededScopes(reach: Reach): () => Promise<readonly Scope[]> {
  const finders = [...reach.providers.values()].flatMap((provider) => {
    const watching = watchingOf(provider);
    return watching ? [createFinder(reach, provider, watching)] : [];
  });
  return async () => {
    const needed: Scope[] = [];
    for (const find of finders) needed.push(...(await find()));
    return needed;
  };
}

function createFinder({ client, config }: Reach, { name, track }: Provider, watching: Watching) {
  const configured = track.auto ? watching.tracked.scopes.map((each) => watching.scopeOf(`${each}/`)) : [];
  const reader = createOpenJobsReader(client, { taskQueue: config.temporal.taskQueue, idPrefix: `${name}/` });
  let known: ReadonlySet<string> = new Set();

  return async (): Promise<readonly Scope[]> => {
    const found = new Set<string>();
    const { isFull } = await reader.read(({ job, watchKey }) => {
      if (watching.keyOf(job, watchKey) !== undefined) found.add(watching.scopeOf(job));
      return true;
    });
    known = isFull ? found : new Set([...known, ...found]);
    return [...new Set([...configured, ...known])].map((scope) => ({ provider: name, scope }));
  };
}
