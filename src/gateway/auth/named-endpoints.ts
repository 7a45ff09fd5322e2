import type { FastifyRequest } from 'fastify';
import type { Submission } from '../../../schemas/types';
import type { Config } from '../../config/config';
import { JobHeraldError } from '../../domain/jobherald-error';
import { SYSTEMS } from '../../providers/registry';

/**
 * That a request names no endpoint which its token may not name.
 * @param name undefined for a request about all endpoints, of which some may be others
 * @throws {JobHeraldError} `forbidden`
 */
function requireNamed({ tokenName, mayName }: FastifyRequest, name: string | undefined): void {
  if (mayName === undefined || (name !== undefined && mayName.includes(name))) return;
  const which = name === undefined ? 'has to name one of its endpoints here' : `may not name the endpoint ${name}`;
  throw new JobHeraldError('forbidden', `The token ${tokenName} ${which}; it may name ${mayName.join(', ')}.`);
}

/** The same for a request that is about one endpoint, or all of a job; the audit log says so, too. */
export function nameEndpoint(request: FastifyRequest, name: string | undefined): void {
  if (name !== undefined) request.subject = { ...request.subject, endpoint: name };
  requireNamed(request, name);
}

/**
 * The same of every endpoint that a submission is to notify.
 * @throws {JobHeraldError} `forbidden`
 */
export function requireAllNamed(request: FastifyRequest, submission: Submission, config: Config): void {
  if (request.mayName === undefined) return;
  for (const choice of submission.endpoints ?? []) {
    if (typeof choice === 'object' && 'url' in choice) {
      const detail = `The token ${request.tokenName} may not name inline endpoints; it may name ${request.mayName.join(', ')}.`;
      throw new JobHeraldError('forbidden', detail);
    }
    requireNamed(request, typeof choice === 'string' ? choice : choice.name);
  }
  for (const endpoint of endpointsOfSystems(submission, config)) requireNamed(request, endpoint);
}

/** Those that a submission names in the shape of a system. What it names in vain is refused later. */
function endpointsOfSystems(submission: Submission, config: Config): readonly string[] {
  return SYSTEMS.flatMap(({ notifications }) => notifications ?? []).flatMap(({ members, resolve }) =>
    members
      .filter((member) => submission[member] !== undefined)
      .flatMap((member) => resolve(submission[member], `/${member}`, config).subscriptions)
      .map(({ endpoint }) => endpoint),
  );
}
