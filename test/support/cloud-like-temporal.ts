import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition, status } from '@grpc/grpc-js';
import { temporal } from '@temporalio/proto';

const api = temporal.api.workflowservice.v1;

/**
 * A gRPC server that answers like Temporal Cloud where set-up looks: the namespace is there, queries know the given
 * search attributes, and the operator API is refused. No real server of that kind can be had in a test.
 */
export async function startCloudLikeTemporal(
  known: readonly string[],
): Promise<{ readonly address: string; stop(): void }> {
  const server = new Server();
  serve(server, 'workflowservice.v1.WorkflowService', {
    GetSystemInfo: [api.GetSystemInfoRequest, api.GetSystemInfoResponse, () => ({ serverVersion: 'cloud' })],
    DescribeNamespace: [api.DescribeNamespaceRequest, api.DescribeNamespaceResponse, () => ({})],
    CountWorkflowExecutions: [
      api.CountWorkflowExecutionsRequest,
      api.CountWorkflowExecutionsResponse,
      ({ query }: { readonly query: string }) => {
        if (query === '' || known.some((name) => query.startsWith(`${name} `))) return {};
        throw { code: status.INVALID_ARGUMENT, details: 'invalid search attribute' };
      },
    ],
  });
  const operator = temporal.api.operatorservice.v1;
  const refuse = () => {
    throw { code: status.PERMISSION_DENIED, details: 'Request unauthorized.' };
  };
  serve(server, 'operatorservice.v1.OperatorService', {
    ListSearchAttributes: [operator.ListSearchAttributesRequest, operator.ListSearchAttributesResponse, refuse],
    AddSearchAttributes: [operator.AddSearchAttributesRequest, operator.AddSearchAttributesResponse, refuse],
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

// biome-ignore lint/suspicious/noExplicitAny: generated protobuf classes have no common type
type Methods = Readonly<Record<string, readonly [request: any, response: any, answer: (request: any) => object]>>;

function serve(server: Server, service: string, methods: Methods): void {
  const definition: { [method: string]: ServiceDefinition[string] } = {};
  const handlers: Record<string, handleUnaryCall<unknown, unknown>> = {};
  for (const [name, [request, response, answer]] of Object.entries(methods)) {
    definition[name] = {
      path: `/temporal.api.${service}/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (value) => Buffer.from(request.encode(value).finish()),
      requestDeserialize: (bytes) => request.decode(bytes),
      responseSerialize: (value) => Buffer.from(response.encode(value).finish()),
      responseDeserialize: (bytes) => response.decode(bytes),
    };
    handlers[name] = (call, done) => {
      try {
        done(null, answer(call.request));
      } catch (error) {
        done(error as Error);
      }
    };
  }
  server.addService(definition, handlers);
}
