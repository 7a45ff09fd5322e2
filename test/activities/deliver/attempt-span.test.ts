import { beginAttemptSpan, inAttemptSpan } from '../../../activities/deliver/attempt-span';
import type { EndpointConfig } from '../../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../../src/config/defaults';
import { NO_PROGRESS } from '../../../src/domain/delivery';
import type { DeliveryRequest } from '../../../src/domain/delivery-request';
import { DELIVERED, RETRY } from '../../../src/domain/message';
import type { Tracer } from '../../../src/tracing/tracer';

const TRACE = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: 'a=1' };
const SPAN = { ...TRACE, traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-1111111111111111-01' };

const message = { id: 'e-1', content_type: 'application/json', headers: { 'ce-id': 'e-1' }, body: '{}' };
const request = (more: Partial<DeliveryRequest> = { trace: TRACE }): DeliveryRequest => ({
  provider: 'vertex-ai',
  job: 'j',
  delivery_id: 'x/e-1',
  event_type: 'job.succeeded',
  subscription: { endpoint: 'x', events: [], format: 'standard' },
  message,
  progress: NO_PROGRESS,
  ...more,
});
const webhook: EndpointConfig = { ...ENDPOINT_DEFAULTS, name: 'x', url: 'https://user:pw@x.example/a?key=k' };
const kafka = { ...webhook, type: 'kafka', topic: 'jobs.status' } as unknown as EndpointConfig;
const rabbitmq = { ...webhook, type: 'rabbitmq', exchange: 'monaideploy' } as unknown as EndpointConfig;

const recorder = () => {
  const begun: unknown[] = [];
  const ended: unknown[] = [];
  const tracer: Tracer = {
    begin(name, span) {
      begun.push({ name, ...span });
      return { context: SPAN, end: (...args) => void ended.push(args) };
    },
    close: async () => undefined,
  };
  return { begun, ended, tracer };
};

describe('an attempt', () => {
  it('has a parent id of its own where no spans are recorded, and changes nothing else of the message', () => {
    const [first, second] = [1, 2].map((attempt) => beginAttemptSpan(undefined, request(), webhook, attempt).message);
    const { traceparent, ...headers } = first?.headers ?? {};
    expect(traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$/);
    expect(second?.headers['traceparent']).not.toBe(traceparent);
    expect({ ...first, headers }).toEqual({ ...message, headers: { 'ce-id': 'e-1', tracestate: 'a=1' } });
  });

  it('is sent without a trace where its run has given none', () => {
    expect(beginAttemptSpan(undefined, request({}), webhook, 1).message).toBe(message);
  });

  it('is a span of HTTP, which tells nothing that may be secret in a URL', () => {
    const { begun, ended, tracer } = recorder();
    const span = beginAttemptSpan(tracer, request(), webhook, 3);
    span.end({ outcome: RETRY, attempt: { time: '', duration_ms: 1, error: 'connect ECONNREFUSED' } });
    expect(span.message.headers).toMatchObject(SPAN);
    expect(begun).toEqual([
      {
        name: 'POST',
        kind: 'client',
        parent: TRACE,
        attributes: {
          'jobherald.provider': 'vertex-ai',
          'jobherald.job': 'j',
          'jobherald.endpoint': 'x',
          'jobherald.event': 'job.succeeded',
          'jobherald.webhook_id': 'e-1',
          'http.request.method': 'POST',
          'http.request.resend_count': 2,
          'url.full': 'https://x.example/a',
          'server.address': 'x.example',
          'server.port': 443,
        },
      },
    ]);
    expect(ended).toEqual([[{ 'jobherald.outcome': 'retry', 'error.type': '_OTHER' }, 'connect ECONNREFUSED']]);
  });

  it('is a span that ends with it, also where its channel throws', async () => {
    const { begun, ended, tracer } = recorder();
    const attempt = { tracer, request: request(), endpoint: webhook, number: 1 };
    const sent = { outcome: DELIVERED, attempt: { time: '', duration_ms: 1, status: 204 } };
    expect(await inAttemptSpan(attempt, async () => sent)).toBe(sent);
    const thrown = new TypeError('nobody expected this');
    await expect(inAttemptSpan(attempt, () => Promise.reject(thrown))).rejects.toBe(thrown);
    await expect(inAttemptSpan({ ...attempt, tracer: undefined }, () => Promise.reject(thrown))).rejects.toBe(thrown);
    expect(begun).toHaveLength(2);
    expect(ended).toEqual([
      [{ 'jobherald.outcome': 'delivered', 'http.response.status_code': 204 }, undefined],
      [{ 'error.type': 'TypeError' }, 'TypeError: nobody expected this'],
    ]);
  });

  it.each([
    ['kafka', kafka, 'jobs.status'],
    ['rabbitmq', rabbitmq, 'monaideploy'],
  ] as const)('is a span of messaging at a broker: %s', (system, endpoint, destination) => {
    const { begun, tracer } = recorder();
    expect(beginAttemptSpan(tracer, request(), endpoint, 1).message.headers).toMatchObject(SPAN);
    expect(begun).toMatchObject([
      {
        name: `send ${destination}`,
        kind: 'producer',
        attributes: {
          'messaging.system': system,
          'messaging.operation.type': 'send',
          'messaging.destination.name': destination,
          'messaging.message.id': 'e-1',
        },
      },
    ]);
  });
});
