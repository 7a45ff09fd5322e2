import type { RouteDescription } from '../../providers/ingress';
import { SYSTEMS } from '../../providers/registry';
import { ACCEPTED } from './job-paths';
import { type Operation, type Paths, refusals } from './operation';

/** The routes of the systems, configured or not. The body is the sender's, so little is said of it. */
export function ingressPaths(): Paths {
  return Object.fromEntries(
    routes().map(({ path, answer, description }) => [
      path.replaceAll(/:(\w+)/g, '{$1}'),
      { post: operationOf(description, answer) },
    ]),
  );
}

/** How their senders identify themselves, beside the tokens of the gateway. */
export function ingressSecuritySchemes(): Readonly<Record<string, object>> {
  return Object.assign({}, ...routes().map(({ description }) => description.securitySchemes));
}

function routes() {
  return SYSTEMS.flatMap((system) => system.ingress?.() ?? []);
}

function operationOf(
  { securitySchemes: _, taken, refusals: codes, ...description }: RouteDescription,
  answer: 202 | 204,
): Operation {
  return {
    ...description,
    tags: ['ingress'],
    responses: { [answer]: taken === undefined ? ACCEPTED : { description: taken }, ...refusals(...codes, 'internal') },
  };
}
