import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Submission } from '../../../schemas/types';
import type { Config } from '../../config/config';
import type { Jobs } from '../../engine';
import type { Span, Tracer } from '../../tracing/tracer';
import { nameEndpoint, requireAllNamed } from '../auth/named-endpoints';
import { ACCEPTED } from './accepted';
import {
  jobOf,
  readCompletion,
  readGetOptions,
  readHeartbeat,
  readListOptions,
  readNothing,
  readRedelivery,
  readRetry,
  readStatus,
  readSubmission,
  readTraceHeaders,
} from './job-requests';

/** Submitting, reading, listing and steering jobs. Each route reads its request and passes it on. */
export function jobRoutes(app: FastifyInstance, jobs: Jobs, config: Config, tracer: Tracer | undefined): void {
  app.post('/v1/jobs', async (request, reply) => {
    const submission = readSubmission(request);
    request.subject = { job: `${submission.provider}/${submission.job}` };
    requireAllNamed(request, submission, config);
    const span = tracer && beginSubmission(tracer, request, submission);
    const submitting = jobs.submit(submission, span?.context ?? readTraceHeaders(request));
    const { job, created } = await submitting.finally(() => span?.end());
    const location = `/v1/jobs/${encodeURIComponent(job.provider)}/${encodeURIComponent(job.job)}`;
    return reply
      .code(created ? 201 : 200)
      .header('location', location)
      .send(job);
  });

  app.get('/v1/jobs', async (request) => jobs.list(readListOptions(request)));

  app.get('/v1/jobs/:provider/:job', async (request) => {
    const { provider, job } = jobOf(request);
    return jobs.get(provider, job, readGetOptions(request));
  });

  app.post('/v1/jobs/:provider/:job/completion', async (request, reply) => {
    const { provider, job } = jobOf(request);
    await jobs.complete(provider, job, readCompletion(request));
    return reply.code(202).send(ACCEPTED);
  });

  app.post('/v1/jobs/:provider/:job/heartbeat', async (request, reply) => {
    const { provider, job } = jobOf(request);
    await jobs.heartbeat(provider, job, readHeartbeat(request));
    return reply.code(202).send(ACCEPTED);
  });

  app.post('/v1/jobs/:provider/:job/status', async (request, reply) => {
    const { provider, job } = jobOf(request);
    await jobs.report(provider, job, readStatus(request));
    return reply.code(202).send(ACCEPTED);
  });

  app.post('/v1/jobs/:provider/:job/cancel', async (request, reply) => {
    const { provider, job } = jobOf(request);
    readNothing(request);
    await jobs.cancel(provider, job);
    return reply.code(202).send(ACCEPTED);
  });

  app.post('/v1/jobs/:provider/:job/redeliver', async (request, reply) => {
    const { provider, job } = jobOf(request);
    const redelivery = readRedelivery(request);
    nameEndpoint(request, redelivery.endpoint);
    await jobs.redeliver(provider, job, redelivery);
    return reply.code(202).send(ACCEPTED);
  });

  app.post('/v1/jobs/:provider/:job/retry', async (request, reply) => {
    const { provider, job } = jobOf(request);
    const retry = readRetry(request);
    nameEndpoint(request, retry.endpoint);
    await jobs.retry(provider, job, retry);
    return reply.code(202).send(ACCEPTED);
  });
}

/** A step of the request, and the one that all that becomes of the job is a step of. */
function beginSubmission(tracer: Tracer, { span }: FastifyRequest, { provider, job }: Submission): Span {
  const attributes = { 'jobherald.provider': provider, 'jobherald.job': job };
  return tracer.begin('submit job', { kind: 'internal', parent: span?.context, attributes });
}
