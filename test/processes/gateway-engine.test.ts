import { status } from '@grpc/grpc-js';
import { NamespaceNotFoundError } from '@temporalio/common';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { type ConnectedTemporal, createGatewayEngine } from '../../src/processes/gateway-engine';

const refused = (code: number, details: string) => Object.assign(new Error(details), { code, details, metadata: {} });

test.each([
  ['credentials', refused(status.UNAUTHENTICATED, 'expired'), 'temporal.api_key'],
  ['permissions', refused(status.PERMISSION_DENIED, 'expired'), 'temporal.api_key'],
  ['its namespace (as of a run)', new NamespaceNotFoundError('default'), 'temporal.namespace'],
  ['its namespace', refused(status.NOT_FOUND, 'Namespace default is not found.'), 'temporal.namespace'],
])(
  'that Temporal refuses %s is for an operator to mend: 503, and the sender keeps its message',
  async (_, refusal, setting) => {
    const engine = createGatewayEngine();
    engine.connect({
      connection: { withDeadline: (_: number, call: () => unknown) => call() },
      engine: { jobs: { list: () => Promise.reject(refusal) } },
    } as unknown as ConnectedTemporal);
    const error = await engine.jobs.list({}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(JobHeraldError);
    expect(error).toMatchObject({ status: 503, cause: refusal, message: expect.stringContaining(setting) });
  },
);
