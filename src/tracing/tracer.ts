import type { TraceContext } from '../domain/trace-context';

export type SpanKind = 'server' | 'client' | 'producer' | 'internal';
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Something that takes its time, as a step of a trace. */
export interface Span {
  /** What is done within it, here or by whoever is sent it, belongs to it. */
  readonly context: TraceContext;
  /** @param fault why it has failed; absent where it has not */
  end(attributes?: SpanAttributes, fault?: string): void;
}

/** Records spans, and sends them to where OpenTelemetry's environment variables say. Attributes are named by its conventions. */
export interface Tracer {
  /** @param parent what it is a step of; absent: it begins a trace */
  begin(
    name: string,
    span: { readonly kind: SpanKind; readonly parent?: TraceContext | undefined; readonly attributes?: SpanAttributes },
  ): Span;
  /** Sends what has not been sent, as far as that is done in a moment. */
  close(): Promise<void>;
}
