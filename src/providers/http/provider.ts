import { withWarnings } from '../../domain/job-status';
import { parseJsonOrUndefined } from '../../domain/json';
import { fillUrlTemplate } from '../../domain/template';
import { type HttpAnswer, UnreadableAnswerError } from '../../http/read-answer';
import { type Provider, ProviderError, type ProviderOptions } from '../provider';
import type { ListRequest } from '../watching';
import { type AttemptedCall, toProviderError } from './answer-error';
import { createHttpClient, type HttpCall, redact } from './client';
import type { HttpList, HttpServiceConfig } from './config/http-config';
import { canonicalJobName } from './job-name';
import { toJobStatus } from './job-status';
import { type GetDocument, listJobs, readPage } from './list-jobs';

const DEADLINE_MS = 10_000;

/** One provider for each service under `providers.http`: an API that answers a GET with a job's status in JSON. */
export function createHttpProvider(service: HttpServiceConfig, options: ProviderOptions): Provider {
  const { warn, deadlineMs = DEADLINE_MS } = options;
  const { name, headers } = service;
  const client = createHttpClient();

  const send = async (request: Omit<HttpCall, 'headers'>, signal: AbortSignal): Promise<HttpAnswer> => {
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const answer = await client.send({ ...request, headers }, AbortSignal.any([signal, deadline]));
      // Some services repeat the key that they refuse, and their answers go into histories.
      return { ...answer, body: redact(answer.body, service.credentialValues) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof UnreadableAnswerError) {
        throw new ProviderError('unreadable', `${name} answers what cannot be read: ${error.message}`, {
          cause: error,
        });
      }
      const reason = deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : describe(error);
      throw new ProviderError('unavailable', `${name} cannot be reached at ${new URL(request.url).origin}: ${reason}`, {
        cause: error,
      });
    }
  };

  const ask = async (
    request: Omit<HttpCall, 'headers'>,
    about: Omit<AttemptedCall, 'service'>,
    signal: AbortSignal,
  ): Promise<string> => {
    const answer = await send(request, signal);
    if (answer.status >= 200 && answer.status <= 299) return answer.body;
    throw toProviderError(answer, { service: name, ...about }, Date.now());
  };

  const getPage: GetDocument = async (url, signal) =>
    parse(await ask({ method: 'GET', url }, { verb: 'list', job: 'jobs' }, signal), name);

  const { list } = service;
  const provider: Provider = {
    name,
    poll: service.poll,
    unspecifiedState: 'UNKNOWN',
    track: service.track,
    overdueAfterMs: service.overdueAfterMs,
    watching: {
      sweep: service.sweep,
      safetyMs: service.safetyMs,
      tracked: service.track,
      readScope: (text) => (text === name ? { scope: text } : { fault: `must be ${name}` }),
      scopeOf: () => name,
      namePrefix: () => '',
      keyOf: (job) => job,
      ...(list && { list: (request: ListRequest) => listJobs(service, list, getPage, request) }),
    },

    canonicalJobName: (job) => canonicalJobName(name, service.jobPattern, job),

    async getJobStatus(job, signal) {
      const url = fillUrlTemplate(service.url, { job });
      const { status, warnings } = toJobStatus(
        parse(await ask({ method: 'GET', url }, { verb: 'get', job }, signal), name),
        service,
      );
      for (const warning of warnings) warn(`${name}: ${warning}`, { provider: name, job });
      return withWarnings(status, warnings);
    },

    async check(signal) {
      const found = await checkService(service, (url) => send({ method: 'GET', url }, signal));
      if (list === null) return found;
      return `${found}; ${await checkList(service, list, (url) => getPage(url, signal))}`;
    },
    close: async () => client.close(),
  };

  const { cancel } = service;
  if (cancel === null) return provider;
  return {
    ...provider,
    async cancelJob(job, signal) {
      const request = { method: cancel.method, url: fillUrlTemplate(cancel.url, { job }) };
      const { status, ...answer } = await send(request, signal);
      // 409: the job has ended or is being canceled. The status shows which.
      if ((status >= 200 && status <= 299) || status === 409) return;
      throw toProviderError({ status, ...answer }, { service: name, verb: 'cancel', job }, Date.now());
    },
  };
}

/** The text may be a proxy's error page, which will pass, so the call is retried. @throws {ProviderError} */
function parse(body: string, service: string): unknown {
  const document = parseJsonOrUndefined(body);
  if (document !== undefined) return document;
  throw new ProviderError(
    'unreadable',
    `${service} did not answer with JSON; check that providers.http.${service}.url is the URL of its API`,
  );
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return error.message || code || error.name;
}

/**
 * Checks what can be checked without a job: with `check`, whether that URL answers 2xx to the configured headers;
 * without it, whether the service answers at all.
 * @throws {ProviderError}
 */
async function checkService(
  { name, url, check }: HttpServiceConfig,
  get: (url: string) => Promise<HttpAnswer>,
): Promise<string> {
  if (check === '') {
    const { origin } = new URL(fillUrlTemplate(url, { job: 'x' }));
    await get(`${origin}/`);
    return `reached ${origin}; its headers were not tried, as providers.http.${name} has no check`;
  }
  const { status } = await get(check);
  const { origin, pathname } = new URL(check);
  if (status >= 200 && status <= 299) return `reached ${origin}${pathname}, which accepts its headers`;
  const denied = status === 401 || status === 403;
  throw new ProviderError(
    denied ? 'permission_denied' : 'unavailable',
    `${origin}${pathname} answers HTTP ${status}${denied ? '; check the headers and the credentials they name' : ''}`,
  );
}

/**
 * Tries the list. Without it jobs are asked about one by one, so it has to work only where it is to find jobs.
 * @throws {ProviderError}
 */
async function checkList(
  service: HttpServiceConfig,
  list: HttpList,
  get: (url: string) => Promise<unknown>,
): Promise<string> {
  try {
    const { jobs } = readPage(await get(list.url), service, list);
    return `lists ${jobs.length} jobs on its first page`;
  } catch (error) {
    const isNeeded = service.track.scopes.length > 0;
    if (isNeeded || !(error instanceof ProviderError) || error.code === 'unavailable') throw error;
    return `asks about jobs one by one, because ${error.message}`;
  }
}
