import { randomBytes } from 'node:crypto';
import type { SendResult } from '../../src/channels/channel';
import type { EndpointConfig } from '../../src/config/config';
import type { DeliveryRequest } from '../../src/domain/delivery-request';
import type { Message } from '../../src/domain/message';
import { childOf } from '../../src/domain/trace-context';
import type { SpanAttributes, Tracer } from '../../src/tracing/tracer';

export interface AttemptOfTrace {
  readonly tracer: Tracer | undefined;
  readonly request: DeliveryRequest;
  readonly endpoint: EndpointConfig;
  /** From 1. */
  readonly number: number;
}

/** Makes an attempt as a span of its own, which ends with it, however that ends. */
export async function inAttemptSpan(
  { tracer, request, endpoint, number }: AttemptOfTrace,
  send: (message: Message) => Promise<SendResult>,
): Promise<SendResult> {
  const span = beginAttemptSpan(tracer, request, endpoint, number);
  try {
    const sent = await send(span.message);
    span.end(sent);
    return sent;
  } catch (error) {
    span.fail(error);
    throw error;
  }
}

interface AttemptSpan {
  readonly message: Message;
  end(sent: SendResult): void;
  /** Nothing was sent, or nobody knows: the channel has thrown. */
  fail(error: unknown): void;
}

/**
 * One attempt as a step of the trace that its delivery belongs to. Only the headers of the message differ from those of the other
 * attempts: its body and its id are the event's.
 */
export function beginAttemptSpan(
  tracer: Tracer | undefined,
  { provider, job, event_type, message, trace }: DeliveryRequest,
  endpoint: EndpointConfig,
  attempt: number,
): AttemptSpan {
  if (!trace) return unrecorded(message);
  if (!tracer) {
    const context = childOf(trace, randomBytes(8).toString('hex'));
    return unrecorded(withHeaders(message, context));
  }
  const attributes = {
    'jobherald.provider': provider,
    'jobherald.job': job,
    'jobherald.endpoint': endpoint.name,
    'jobherald.event': event_type,
    ...attributesOf(endpoint, message, attempt),
  };
  const isWebhook = endpoint.type === 'webhook';
  const span = tracer.begin(isWebhook ? 'POST' : `send ${destinationOf(endpoint)}`, {
    kind: isWebhook ? 'client' : 'producer',
    parent: trace,
    attributes,
  });
  return {
    message: withHeaders(message, span.context),
    end({ outcome, attempt: { status, error, address } }) {
      const isRefused = outcome.kind !== 'delivered';
      span.end(
        {
          'jobherald.outcome': outcome.kind,
          'http.response.status_code': status,
          'network.peer.address': address,
          ...(isRefused && { 'error.type': status === undefined ? '_OTHER' : String(status) }),
        },
        isRefused ? (error ?? outcome.kind) : undefined,
      );
    },
    fail: (error) => span.end({ 'error.type': error instanceof Error ? error.name : '_OTHER' }, String(error)),
  };
}

function unrecorded(message: Message): AttemptSpan {
  return { message, end: () => undefined, fail: () => undefined };
}

function withHeaders(message: Message, context: object): Message {
  return { ...message, headers: { ...message.headers, ...context } };
}

function destinationOf(endpoint: Exclude<EndpointConfig, { readonly type: 'webhook' }>): string {
  return endpoint.type === 'kafka' ? endpoint.topic : endpoint.exchange;
}

/** By OpenTelemetry's semantic conventions for HTTP and for messaging. A URL is shown without what may be secret in it. */
function attributesOf(endpoint: EndpointConfig, { id }: Message, attempt: number): SpanAttributes {
  if (endpoint.type !== 'webhook') {
    return {
      'messaging.system': endpoint.type,
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': destinationOf(endpoint),
      'messaging.message.id': id,
    };
  }
  const url = URL.canParse(endpoint.url) ? new URL(endpoint.url) : undefined;
  return {
    'http.request.method': 'POST',
    'http.request.resend_count': attempt > 1 ? attempt - 1 : undefined,
    ...(url && {
      'url.full': url.origin + url.pathname,
      'server.address': url.hostname,
      'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    }),
    'jobherald.webhook_id': id,
  };
}
