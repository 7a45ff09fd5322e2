import type { Logger } from 'pino';
import type { Tracer } from './tracer';

export interface TracerOptions {
  /** Where the variables of OpenTelemetry's specification are looked up. Its SDK itself reads those of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default of `OTEL_SERVICE_NAME`. */
  readonly serviceName: string;
  /** jobherald's own. */
  readonly version: string;
  readonly logger: Logger;
}

/**
 * A tracer, where an OTLP endpoint is configured by `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`; undefined
 * elsewhere, and then nothing of OpenTelemetry is loaded.
 * Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function openTracer(options: TracerOptions): Tracer | undefined {
  const { env, logger } = options;
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const isOff = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none';
  if (!endpoint || isOff) return undefined;
  if ((env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL']) === 'grpc') {
    logger.warn("spans are sent by OTLP over HTTP, not by gRPC: give the collector's HTTP port, 4318 by default");
  }
  const { createOtlpTracer } = require('./otlp-tracer') as typeof import('./otlp-tracer');
  return createOtlpTracer(options);
}
