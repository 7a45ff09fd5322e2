import type { EndpointView } from '../../schemas/types';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import type { Endpoints } from '../../src/engine';

/** {@link Endpoints} in memory, for tests of what stands in front of them. Knows `orders`. */
export function createFakeEndpoints(): Endpoints & { readonly tested: readonly string[] } {
  let state: EndpointView['state'] = 'active';
  const tested: string[] = [];
  const view = (name: string): EndpointView => {
    if (name !== 'orders') throw new JobHeraldError('not_found', `endpoint ${name} is not configured`);
    return { name, type: 'webhook', url: 'https://example.com/', format: 'standard', events: ['job.succeeded'], state };
  };
  return {
    tested,
    list: async () => ({ endpoints: [view('orders')] }),
    get: async (name) => view(name),
    pause: async (name) => {
      view(name);
      state = 'paused';
      return view(name);
    },
    resume: async (name) => {
      view(name);
      state = 'active';
      return view(name);
    },
    test: async (name) => {
      view(name);
      tested.push(name);
    },
  };
}
