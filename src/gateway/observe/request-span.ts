import type { FastifyReply, FastifyRequest } from 'fastify';
import { readTraceContext } from '../../domain/trace-context';
import type { Span, Tracer } from '../../tracing/tracer';
import { PROBES } from '../routes/health';
import { readTraceHeaders } from '../routes/job-requests';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request as a step of a trace, where spans are recorded. */
    span: Span | undefined;
  }
}

/** Records a request, answered or aborted. Its route is recorded by its pattern: a path, a query or a header may hold a secret. */
export function beginRequestSpan(request: FastifyRequest, reply: FastifyReply, tracer: Tracer): void {
  const { url: route } = request.routeOptions;
  if (route !== undefined && PROBES.has(route)) return;
  const { method } = request;
  const span = tracer.begin(route === undefined ? method : `${method} ${route}`, {
    kind: 'server',
    parent: readTraceContext(readTraceHeaders(request)),
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'url.scheme': request.protocol,
      'jobherald.request_id': request.id,
    },
  });
  request.span = span;
  reply.raw.once('close', () => {
    const { writableFinished, statusCode } = reply.raw;
    if (!writableFinished) return span.end({ 'error.type': 'aborted' }, 'the client went away first');
    const fault = statusCode < 500 ? {} : { 'error.type': String(statusCode) };
    span.end(
      { 'http.response.status_code': statusCode, ...fault },
      statusCode < 500 ? undefined : (request.unavailableBecause ?? `HTTP ${statusCode}`),
    );
  });
}
