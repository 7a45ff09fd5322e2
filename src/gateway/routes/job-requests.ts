import type { FastifyRequest } from 'fastify';
import type { Completion, Heartbeat, RedeliveryRequest, RetryRequest, Submission } from '../../../schemas/types';
import { didYouMean } from '../../domain/did-you-mean';
import { JobHeraldError } from '../../domain/jobherald-error';
import type { GetOptions, ListOptions, SubmitOptions } from '../../engine';
import type { StatusReport } from '../../providers/api';
import { statusReport } from '../../providers/registry';
import { bodyValidator } from '../../validation/body-validator';
import { parseJson } from '../../validation/json-body';
import { withIdempotencyKey } from '../body/idempotency-key';

const asSubmission = bodyValidator<Submission>('Submission');
const asCompletion = bodyValidator<Completion>('Completion');
const asHeartbeat = bodyValidator<Heartbeat>('Heartbeat');
const asRedeliveryRequest = bodyValidator<RedeliveryRequest>('RedeliveryRequest');
const asRetryRequest = bodyValidator<RetryRequest>('RetryRequest');

const MAX_LIMIT = 1000;
const LIST_PARAMETERS = ['query', 'limit', 'cursor', 'unrepaired'];

/** `provider` and `job` of the path, decoded once: `projects%2Fp` is `projects/p`. */
export function jobOf(request: FastifyRequest): { readonly provider: string; readonly job: string } {
  return request.params as { provider: string; job: string };
}

/** @throws {JobHeraldError} `bad_request`, `unprocessable` */
export function readSubmission(request: FastifyRequest): Submission {
  return asSubmission(withIdempotencyKey(request, bodyOf(request)));
}

/** Whose trace a request belongs to. Several of one header are one list, which is no valid `traceparent`. */
export function readTraceHeaders({ headers }: FastifyRequest): SubmitOptions {
  const { traceparent, tracestate } = headers as Readonly<Record<string, string | undefined>>;
  return { traceparent, tracestate };
}

/**
 * `null` is as good as no body: no hint is lost.
 * @throws {JobHeraldError} `bad_request`, `unprocessable`
 */
export function readCompletion(request: FastifyRequest): Completion {
  return asCompletion(withIdempotencyKey(request, bodyOf(request) ?? {}));
}

/** @throws {JobHeraldError} `bad_request`, `unprocessable` */
export function readHeartbeat(request: FastifyRequest): Heartbeat {
  return asHeartbeat(withIdempotencyKey(request, bodyOf(request)));
}

/** @throws {JobHeraldError} `bad_request`, `unprocessable` */
export function readStatus(request: FastifyRequest): StatusReport {
  return statusReport.read(withIdempotencyKey(request, bodyOf(request)));
}

/** @throws {JobHeraldError} `bad_request`, `unprocessable` */
export function readRedelivery(request: FastifyRequest): RedeliveryRequest {
  return asRedeliveryRequest(orAll(bodyOf(request)));
}

/** @throws {JobHeraldError} `bad_request`, `unprocessable` */
export function readRetry(request: FastifyRequest): RetryRequest {
  return asRetryRequest(orAll(bodyOf(request)));
}

/** Without a body everything is meant. `null` is refused: somebody's variable was empty, who meant something. */
function orAll(body: unknown): unknown {
  return body === undefined ? {} : body;
}

/**
 * The body of a request that has nothing to say.
 * @throws {JobHeraldError} `bad_request` for one that says something: it would be ignored
 */
export function readNothing(request: FastifyRequest): void {
  const body = bodyOf(request);
  if (body === undefined || isEmptyObject(body)) return;
  throw new JobHeraldError('bad_request', 'This request takes no body; send none.');
}

/**
 * The query of a list. A parameter that is not known is refused: a misspelt `query` would list every job as if
 * all of them had matched.
 * @throws {JobHeraldError} `bad_request`
 */
export function readListOptions(request: FastifyRequest): ListOptions {
  const given = request.query as Readonly<Record<string, string | string[]>>;
  for (const [name, value] of Object.entries(given)) {
    if (!LIST_PARAMETERS.includes(name)) {
      throw new JobHeraldError(
        'bad_request',
        `There is no query parameter ${name}${didYouMean(name, LIST_PARAMETERS)}.`,
      );
    }
    if (typeof value !== 'string') throw new JobHeraldError('bad_request', `Give ${name} once.`);
  }
  const { query, limit, cursor, unrepaired } = given as Readonly<Record<string, string>>;
  if (unrepaired !== undefined && unrepaired !== 'true' && unrepaired !== 'false') {
    throw new JobHeraldError('bad_request', 'unrepaired must be true or false.');
  }
  return {
    ...(unrepaired === 'true' && { unrepaired: true }),
    ...(query && { query }),
    ...(cursor && { cursor }),
    ...(limit !== undefined && { limit: wholeLimit(limit) }),
  };
}

/**
 * What of a job is to be read besides.
 * @throws {JobHeraldError} `bad_request`
 */
export function readGetOptions(request: FastifyRequest): GetOptions {
  const { include } = request.query as { readonly include?: unknown };
  if (include === undefined || include === 'notices') return { include };
  throw new JobHeraldError('bad_request', 'include must be notices.');
}

function wholeLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw new JobHeraldError('bad_request', `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return limit;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function bodyOf(request: FastifyRequest): unknown {
  return parseJson(request.body as Buffer | undefined);
}
