import { status } from '@grpc/grpc-js';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { type ConnectedTemporal, createGatewayEngine } from '../../src/processes/gateway-engine';

test.each([status.UNAUTHENTICATED, status.PERMISSION_DENIED])(
  'credentials that Temporal refuses (gRPC code %i) are for an operator to mend: 503, and the sender keeps its message',
  async (code) => {
    const refusal = Object.assign(new Error('expired'), { code, details: 'expired', metadata: {} });
    const engine = createGatewayEngine();
    engine.connect({
      connection: { withDeadline: (_: number, call: () => unknown) => call() },
      engine: { jobs: { list: () => Promise.reject(refusal) } },
    } as unknown as ConnectedTemporal);
    const error = await engine.jobs.list({}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(JobHeraldError);
    expect(error).toMatchObject({ status: 503, cause: refusal, message: expect.stringContaining('temporal.api_key') });
  },
);
