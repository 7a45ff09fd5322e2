import type { EndpointChoice, EventType, Format, Submission } from '../../schemas/types';

/** A submission in the words of the command line. */
export interface SubmissionOptions {
  readonly endpoint?: readonly string[];
  readonly endpointUrl?: string;
  readonly secret?: string;
  readonly events?: readonly string[];
  readonly format?: string;
  readonly idempotencyKey?: string;
  readonly correlationId?: string;
  readonly heartbeatDeadline?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly label?: Readonly<Record<string, string>>;
}

/** The body of the request. Events, format and secret are not looked at here: the gateway knows which there are. */
export function submissionFrom(provider: string, job: string, options: SubmissionOptions): Submission {
  const { idempotencyKey, correlationId, heartbeatDeadline, metadata, label } = options;
  return {
    provider,
    job,
    ...(idempotencyKey !== undefined && { idempotency_key: idempotencyKey }),
    ...(correlationId !== undefined && { correlation_id: correlationId }),
    endpoints: endpointsFrom(options),
    ...(heartbeatDeadline !== undefined && { heartbeat_deadline_seconds: heartbeatDeadline }),
    ...(metadata && { metadata }),
    ...(label && { labels: label }),
  };
}

function endpointsFrom({ endpoint = [], endpointUrl, secret, events, format }: SubmissionOptions): EndpointChoice[] {
  const told = events ? { events: events as readonly EventType[] } : {};
  const named = endpoint.map((name): EndpointChoice => (events ? { name, ...told } : name));
  if (endpointUrl === undefined) return named;
  return [
    ...named,
    {
      url: endpointUrl,
      ...(secret !== undefined && { secret }),
      ...told,
      ...(format !== undefined && { format: format as Format }),
    },
  ];
}
