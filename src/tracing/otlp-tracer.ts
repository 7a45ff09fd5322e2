import {
  createTraceState,
  DiagLogLevel,
  diag,
  SpanKind as Kind,
  ROOT_CONTEXT,
  type Tracer as SdkTracer,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import { withTimeout } from '../async/with-timeout';
import { partsOf, type TraceContext, traceparentOf } from '../domain/trace-context';
import type { TracerOptions } from './open-tracer';
import type { Span, SpanAttributes, SpanKind, Tracer } from './tracer';

const KINDS: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  internal: Kind.INTERNAL,
};

/** A process that stops does not wait for a collector that hangs. */
const CLOSE_WITHIN_MS = 2_000;

/** Endpoint, headers, sampler, batches and the resource's attributes are read from the environment by OpenTelemetry's SDK. */
export function createOtlpTracer({ serviceName, version, logger }: Omit<TracerOptions, 'env'>): Tracer {
  diag.setLogger(onceEach(logger), DiagLogLevel.WARN);
  const own = resourceFromAttributes({ 'service.name': serviceName, 'service.version': version });
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(own)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('jobherald', version);
  return {
    begin: (name, { kind, parent, attributes = {} }) => beginSpan(tracer, name, KINDS[kind], parent, attributes),
    async close() {
      const closing = provider.shutdown();
      await withTimeout(closing, CLOSE_WITHIN_MS, () => new Error('the collector does not answer')).catch((err) =>
        logger.warn({ err }, 'the last spans may be lost'),
      );
    },
  };
}

function beginSpan(
  tracer: SdkTracer,
  name: string,
  kind: Kind,
  parent: TraceContext | undefined,
  attributes: SpanAttributes,
): Span {
  const span = tracer.startSpan(name, { kind, attributes }, parent ? contextOf(parent) : ROOT_CONTEXT);
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const isSampled = (traceFlags & TraceFlags.SAMPLED) === TraceFlags.SAMPLED;
  const tracestate = traceState?.serialize();
  return {
    context: { traceparent: traceparentOf(traceId, spanId, isSampled), ...(tracestate && { tracestate }) },
    end(more = {}, fault) {
      for (const [key, value] of Object.entries(more)) if (value !== undefined) span.setAttribute(key, value);
      if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
      span.end();
    },
  };
}

function contextOf(parent: TraceContext) {
  const { traceId, parentId: spanId, sampled } = partsOf(parent);
  const { tracestate } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(tracestate && { traceState: createTraceState(tracestate) }),
  });
}

/** A collector that is away fails every batch, every few seconds: each cause is said once. */
function onceEach(logger: Logger) {
  const said = new Set<string>();
  const warn = (message: string) => {
    if (said.has(message)) return;
    said.add(message);
    logger.warn({ source: 'opentelemetry', said: message.slice(0, 1000) }, 'spans may be lost');
  };
  const ignore = () => undefined;
  return { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
}
