import type { FastifyReply, FastifyRequest } from 'fastify';
import { createBoundedMap } from '../../async/bounded-map';
import type { Config } from '../../config/config';
import { JobHeraldError } from '../../domain/jobherald-error';
import { PROBES } from '../routes/health';
import type { FindToken } from './bearer-token';

/** Senders that are kept in mind: addresses are without number. The one that was quiet longest gives way. */
const MAX_SENDERS = 10_000;

type RateLimit = NonNullable<Config['gateway']['rateLimit']>;

/**
 * Lets each token, and without one each address, send so many requests in a time: a bucket of that many, which is filled again
 * evenly. A refused request costs nothing of it.
 * @throws {JobHeraldError} `rate_limited` by the returned function, with `Retry-After`
 */
export function limitRate(
  { requests, perMs }: RateLimit,
  find: FindToken,
  now: () => number = () => performance.now(),
) {
  const everyMs = perMs / requests;
  /** When the bucket of a sender will be full again. */
  const fullAt = createBoundedMap<string, number>(MAX_SENDERS);

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (PROBES.has(request.routeOptions.url ?? '')) return;
    const token = find(request);
    const sender = token ? `token ${token.name}` : `address ${request.ip}`;
    const full = Math.max(fullAt.get(sender) ?? 0, now()) + everyMs;
    const waitMs = full - now() - perMs;
    // A sum of many parts is off by a little.
    if (waitMs > 0.001) {
      reply.header('retry-after', Math.ceil(waitMs / 1_000));
      throw new JobHeraldError('rate_limited', `The ${sender} has sent too many requests; see Retry-After.`);
    }
    fullAt.set(sender, full);
  };
}
