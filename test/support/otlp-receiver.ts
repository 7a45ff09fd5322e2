import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';

/** A span as it arrived; ids in hexadecimal digits, `parent` empty for the first of its trace. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  /** 1 internal · 2 server · 3 client · 4 producer. */
  readonly kind: number;
  readonly trace: string;
  readonly id: string;
  readonly parent: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of a span that failed: why. */
  readonly fault?: string;
}

export interface OtlpReceiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  close(): Promise<void>;
}

interface KeyValue {
  readonly key: string;
  readonly value: { readonly value: string } & Readonly<Record<string, unknown>>;
}
interface ExportRequest {
  readonly resource_spans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scope_spans: readonly {
      readonly spans: readonly {
        readonly trace_id: Buffer;
        readonly span_id: Buffer;
        readonly parent_span_id: Buffer;
        readonly name: string;
        readonly kind: number;
        readonly attributes: readonly KeyValue[];
        readonly status?: { readonly message: string; readonly code: number };
      }[];
    }[];
  }[];
}

/** A server of OTLP over HTTP, in protobuf, that keeps the spans it is sent. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const proto = join(__dirname, '../fixtures/otlp/trace_service.proto');
  const service = loadSync(proto, { keepCase: true, longs: Number, oneofs: true })['otlp.TraceService'];
  const { requestDeserialize: decode } = (service as ServiceDefinition)['Export'] ?? {};
  const spans: ReceivedSpan[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    if (request.url === '/v1/traces') spans.push(...spansOf(decode?.(bytes) as ExportRequest));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansOf({ resource_spans }: ExportRequest): ReceivedSpan[] {
  return resource_spans.flatMap(({ resource, scope_spans }) => {
    const service = String(attributesOf(resource.attributes)['service.name']);
    return scope_spans.flatMap(({ spans }) =>
      spans.map(({ name, kind, trace_id, span_id, parent_span_id, attributes, status }) => ({
        service,
        name,
        kind,
        trace: trace_id.toString('hex'),
        id: span_id.toString('hex'),
        parent: Buffer.from(parent_span_id ?? []).toString('hex'),
        attributes: attributesOf(attributes),
        ...(status?.code === 2 && { fault: status.message }),
      })),
    );
  });
}

function attributesOf(list: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, value[value.value]]));
}
