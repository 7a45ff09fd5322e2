import type { HttpServiceConfig } from '../../config/config';
import { fillUrlTemplate } from '../../domain/template';
import { type Provider, ProviderError, type ProviderOptions } from '../provider';
import { type Attempted, toProviderError } from './answer-error';
import { checkService } from './check';
import { createHttpClient, type HttpAnswer, type HttpRequest } from './client';
import { canonicalJobName } from './job-name';
import { toJobStatus } from './job-status';
import { withoutValues } from './without-values';

const DEADLINE_MS = 10_000;

/**
 * A provider of its own for each service under `providers.http`: any API that answers a GET with the status of a job in
 * JSON.
 */
export function createHttpProvider(service: HttpServiceConfig, options: ProviderOptions): Provider {
  const { warn, deadlineMs = DEADLINE_MS } = options;
  const { name, headers } = service;
  const client = createHttpClient();

  const send = async (request: Omit<HttpRequest, 'headers'>, signal: AbortSignal): Promise<HttpAnswer> => {
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const answer = await client.send({ ...request, headers }, AbortSignal.any([signal, deadline]));
      // Some services say which key they refuse, and what they say ends in histories.
      return { ...answer, body: withoutValues(answer.body, service.credentialValues) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const why = deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : describe(error);
      throw new ProviderError('unavailable', `${name} cannot be reached at ${new URL(request.url).origin}: ${why}`, {
        cause: error,
      });
    }
  };

  const ask = async (
    request: Omit<HttpRequest, 'headers'>,
    about: Omit<Attempted, 'service'>,
    signal: AbortSignal,
  ): Promise<string> => {
    const answer = await send(request, signal);
    if (answer.status >= 200 && answer.status <= 299) return answer.body;
    throw toProviderError(answer, { service: name, ...about }, Date.now());
  };

  const provider: Provider = {
    name,
    poll: service.poll,
    unspecifiedState: 'UNKNOWN',
    track: service.track,

    canonicalJobName: (job) => canonicalJobName(name, service.jobPattern, job),

    async getJobStatus(job, signal) {
      const url = fillUrlTemplate(service.url, { job });
      const { status, warnings } = toJobStatus(
        parse(await ask({ method: 'GET', url }, { verb: 'get', job }, signal), name),
        service,
      );
      for (const warning of warnings) warn(`${name}: ${warning}`, { provider: name, job });
      return status;
    },

    check: (signal) => checkService(service, (url) => send({ method: 'GET', url }, signal)),
    close: () => client.close(),
  };

  const { cancel } = service;
  if (cancel === null) return provider;
  return {
    ...provider,
    async cancelJob(job, signal) {
      const request = { method: cancel.method, url: fillUrlTemplate(cancel.url, { job }) };
      const { status, ...answer } = await send(request, signal);
      // 409: it is over, or being cancelled. The status tells which.
      if ((status >= 200 && status <= 299) || status === 409) return;
      throw toProviderError({ status, ...answer }, { service: name, verb: 'cancel', job }, Date.now());
    },
  };
}

/** A proxy's page in between may pass, so it is no end of asking. */
function parse(body: string, service: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new ProviderError('unavailable', `${service} answered something that is no JSON; is its url an API's?`, {
      cause,
    });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return error.message || code || error.name;
}
