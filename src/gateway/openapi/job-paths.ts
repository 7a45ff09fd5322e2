import { EXAMPLE_PROVIDER } from '../../providers/api';
import { statusReport } from '../../providers/registry';
import { answer, jsonBody, type Paths, refusals, schemaRef } from './operation';

const tags = ['jobs'];

const PROVIDER = {
  name: 'provider',
  in: 'path',
  required: true,
  description: 'The system that runs the job.',
  schema: { type: 'string' },
  example: EXAMPLE_PROVIDER,
};

const JOB = {
  name: 'job',
  in: 'path',
  required: true,
  description: "The provider's own name for the job, percent-encoded into one path segment.",
  schema: { type: 'string' },
  example: 'projects/123/locations/us-central1/batchPredictionJobs/456',
};

export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The same as idempotency_key in the body; if both are there they must be the same.',
  schema: { type: 'string', minLength: 1, maxLength: 1024 },
};

/** https://www.w3.org/TR/trace-context-1/ */
const TRACE_CONTEXT = [
  {
    name: 'traceparent',
    in: 'header',
    description:
      'W3C Trace Context: the trace that the job belongs to. Every attempt to notify an endpoint is sent with it. No part of the submission; an invalid one is ignored.',
    schema: { type: 'string' },
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
  { name: 'tracestate', in: 'header', description: 'Goes with traceparent.', schema: { type: 'string' } },
];

const LOCATION = { location: { description: 'Path of the job.', schema: { type: 'string' } } };

export const ACCEPTED = answer('Safe in Temporal; the job shows what comes of it.', {
  type: 'object',
  required: ['accepted'],
  properties: { accepted: { const: true } },
});

/** What any request of the API may be refused with. */
export const COMMON = ['bad_request', 'unauthorized', 'forbidden', 'rate_limited', 'internal', 'unavailable'] as const;

const ONE_JOB = [PROVIDER, JOB];

export const jobPaths: Paths = {
  '/v1/jobs': {
    post: {
      operationId: 'submitJob',
      tags,
      summary: 'Watch a job and notify endpoints of its events',
      description:
        'The same job with the same body again answers 200 with the same run, whatever the idempotency key; with another body 409.',
      parameters: [IDEMPOTENCY_KEY, ...TRACE_CONTEXT],
      requestBody: jsonBody('Submission', true),
      responses: {
        201: answer('The job is watched.', schemaRef('Job'), LOCATION),
        200: answer('The job was watched already, by the same submission.', schemaRef('Job'), LOCATION),
        ...refusals(...COMMON, 'conflict', 'too_large', 'unprocessable'),
      },
    },
    get: {
      operationId: 'listJobs',
      tags,
      summary: 'List jobs, newest first',
      parameters: [
        {
          name: 'query',
          in: 'query',
          description: 'A Temporal visibility query, combined with WorkflowType=job.',
          schema: { type: 'string' },
          example: "DeliveryState='exhausted'",
        },
        {
          name: 'limit',
          in: 'query',
          description: 'Jobs on a page.',
          schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
        },
        {
          name: 'unrepaired',
          in: 'query',
          description:
            'true: only jobs with a delivery that was given up and that no redelivery has delivered since. A page may then hold fewer jobs than limit, and be followed by another.',
          schema: { type: 'boolean', default: false },
        },
        { name: 'cursor', in: 'query', description: 'next_cursor of the page before.', schema: { type: 'string' } },
      ],
      responses: { 200: answer('One page of jobs.', schemaRef('JobList')), ...refusals(...COMMON) },
    },
  },
  '/v1/jobs/{provider}/{job}': {
    get: {
      operationId: 'getJob',
      tags,
      summary: 'Read a job: its state, its deliveries and every attempt',
      parameters: [
        ...ONE_JOB,
        {
          name: 'include',
          in: 'query',
          description: 'notices: adds how many events of the job were passed on, for one more request to Temporal.',
          schema: { type: 'string', enum: ['notices'] },
        },
      ],
      responses: {
        200: answer('The job.', schemaRef('Job')),
        ...refusals(...COMMON, 'job_not_found', 'unprocessable'),
      },
    },
  },
  '/v1/jobs/{provider}/{job}/completion': {
    post: {
      operationId: 'completeJob',
      tags,
      summary: 'Hint that a job may have ended',
      description:
        'The provider is asked before anything is believed. After the run is done, or was terminated or failed, it is accepted without effect.',
      parameters: [...ONE_JOB, IDEMPOTENCY_KEY],
      requestBody: jsonBody('Completion', false),
      responses: { 202: ACCEPTED, ...refusals(...COMMON, 'job_not_found', 'too_large', 'unprocessable') },
    },
  },
  '/v1/jobs/{provider}/{job}/heartbeat': {
    post: {
      operationId: 'heartbeatJob',
      tags,
      summary: 'Say that a job is alive, and until when to believe it',
      parameters: [...ONE_JOB, IDEMPOTENCY_KEY],
      requestBody: jsonBody('Heartbeat', true),
      responses: { 202: ACCEPTED, ...refusals(...COMMON, 'job_not_found', 'too_large', 'unprocessable') },
    },
  },
  '/v1/jobs/{provider}/{job}/status': {
    post: {
      operationId: 'reportJob',
      tags,
      summary: 'Report how a job is whose provider has no status API',
      description: `${statusReport.description}, which is believed. Where the provider tracks what it hears of, an unknown job is tracked.`,
      parameters: [...ONE_JOB, IDEMPOTENCY_KEY],
      requestBody: jsonBody(statusReport.schema, true),
      responses: { 202: ACCEPTED, ...refusals(...COMMON, 'job_not_found', 'too_large', 'unprocessable') },
    },
  },
  '/v1/jobs/{provider}/{job}/cancel': {
    post: {
      operationId: 'cancelJob',
      tags,
      summary: 'Ask the provider to cancel a job',
      description: 'Best effort; the job shows what came of it.',
      parameters: ONE_JOB,
      responses: { 202: ACCEPTED, ...refusals(...COMMON, 'job_not_found', 'too_large', 'unprocessable') },
    },
  },
  '/v1/jobs/{provider}/{job}/redeliver': {
    post: {
      operationId: 'redeliverJob',
      tags,
      summary: "Make a job's deliveries again, with the same bytes and the same webhook-id",
      parameters: ONE_JOB,
      requestBody: jsonBody('RedeliveryRequest', false),
      responses: { 202: ACCEPTED, ...refusals(...COMMON, 'job_not_found', 'too_large', 'unprocessable') },
    },
  },
  '/v1/jobs/{provider}/{job}/retry': {
    post: {
      operationId: 'retryJob',
      tags,
      summary: "Try a job's pending deliveries now",
      description:
        'Within five seconds, whenever they are due. Attempts keep their numbers; one that is under way is left alone, and followed by the next one where it comes to nothing.',
      parameters: ONE_JOB,
      requestBody: jsonBody('RetryRequest', false),
      responses: { 202: ACCEPTED, ...refusals(...COMMON, 'job_not_found', 'too_large', 'unprocessable') },
    },
  },
};
