import { randomInt } from 'node:crypto';
import { type handleUnaryCall, Server, ServerCredentials, type ServiceError, status } from '@grpc/grpc-js';
import { JOB_KINDS } from '../../../providers/vertex-ai/job-name';
import { createJobStore, type EmulatedJob, toWire } from './job-store';
import { loadServices, type ServiceName } from './protos';

export interface VertexAiEmulatorOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Project id to number: names with either one are one job. */
  readonly projects?: Readonly<Record<string, string>>;
}

/** One request that reached the emulator. */
export interface Call {
  /** As in the protos: `GetBatchPredictionJob`. */
  readonly method: string;
  /** The job's canonical name, or the parent's for Create and List. */
  readonly name: string;
  /** RFC 3339. */
  readonly time: string;
}

/** A Vertex AI API without computation: tests and the demo set its jobs. Real gRPC, Google's own protos. */
export interface VertexAiEmulator {
  /** host:port, for `providers.vertex-ai.api_endpoint` with `insecure: true`. */
  readonly address: string;
  readonly port: number;
  /** Every request so far, oldest first, including refused ones. */
  readonly calls: readonly Call[];
  /** Creates or replaces a job of any kind; its name has the kind. */
  putJob(job: EmulatedJob): EmulatedJob;
  /** Changes a job. `state` may be a number that the protos do not define. */
  setState(name: string, patch: Partial<EmulatedJob>): EmulatedJob;
  /** Refuses the next `times` requests for a job with a gRPC code. Default once; 0 undoes it. */
  fail(name: string, code: status, times?: number): void;
  /** Delays requests for a job until the returned function is called. */
  hold(name: string): () => void;
  close(): Promise<void>;
}

export async function startVertexAiEmulator(options: VertexAiEmulatorOptions = {}): Promise<VertexAiEmulator> {
  const { host = '127.0.0.1', port = 0, projects = {} } = options;
  const store = createJobStore(projects);
  const calls: Call[] = [];
  const failures = new Map<string, { readonly code: status; left: number }>();
  const holds = new Map<string, Promise<void>>();

  /** What all methods do: count, wait, refuse, and only then answer. */
  const method =
    (methodName: string, answer: (request: Request) => object): handleUnaryCall<Request, object> =>
    async ({ request }, callback) => {
      const name = store.canonical(request.name || request.parent || '');
      calls.push({ method: methodName, name, time: new Date().toISOString() });
      await holds.get(name);
      const failure = failures.get(name);
      if (failure && failure.left > 0) {
        failure.left -= 1;
        return callback(refusal(failure.code, `the emulator refuses ${methodName} ${name}`));
      }
      try {
        callback(null, answer(request));
      } catch (error) {
        callback(error as ServiceError);
      }
    };

  const find = (name: string): EmulatedJob => {
    const job = store.get(name);
    if (!job) throw refusal(status.NOT_FOUND, `The resource ${name} does not exist.`);
    return job;
  };
  const setState = (name: string, patch: Partial<EmulatedJob>): EmulatedJob =>
    store.put({ ...find(name), updateTime: new Date().toISOString(), ...patch, name });

  const get = (type: string) => method(`Get${type}`, ({ name }) => toWire(find(name)));
  const cancel = (type: string) =>
    method(`Cancel${type}`, ({ name }) => {
      const { state } = find(name);
      // Asynchronous and best effort, as at the API: CANCELLED comes later, or never.
      if (!/_(?:SUCCEEDED|FAILED|CANCELLED|EXPIRED)$/.test(String(state))) {
        setState(name, { state: String(state).replace(/_STATE_.*/, '_STATE_CANCELLING') });
      }
      return {};
    });

  const create = method('CreateBatchPredictionJob', ({ parent, batchPredictionJob }) => {
    const now = new Date().toISOString();
    const job = store.put({
      ...batchPredictionJob,
      name: `${parent}/batchPredictionJobs/${randomInt(1, 2 ** 47)}`,
      state: 'JOB_STATE_PENDING',
      createTime: now,
      updateTime: now,
    });
    return toWire(job);
  });
  const list = method('ListBatchPredictionJobs', ({ parent, pageSize }) => ({
    batchPredictionJobs: store
      .list(parent)
      .slice(0, pageSize || 100)
      .map(toWire),
  }));

  const server = new Server();
  const services = loadServices();
  for (const serviceName of Object.keys(services) as ServiceName[]) {
    const kinds = Object.values(JOB_KINDS).filter(({ client }) => client === `${serviceName}Client`);
    server.addService(services[serviceName], {
      ...Object.fromEntries(
        kinds.flatMap(({ type }) => [
          [`Get${type}`, get(type)],
          [`Cancel${type}`, cancel(type)],
        ]),
      ),
      ...(serviceName === 'JobService' && { CreateBatchPredictionJob: create, ListBatchPredictionJobs: list }),
    });
  }
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, boundPort) =>
      error ? reject(error) : resolve(boundPort),
    );
  });

  return {
    address: `${host}:${bound}`,
    port: bound,
    calls,
    putJob: (job) => store.put({ state: 'JOB_STATE_PENDING', createTime: new Date().toISOString(), ...job }),
    setState,
    fail: (name, code, times = 1) => void failures.set(store.canonical(name), { code, left: times }),
    hold(name) {
      const key = store.canonical(name);
      let release = () => {};
      holds.set(key, new Promise((resolve) => (release = resolve)));
      return () => {
        holds.delete(key);
        release();
      };
    },
    async close() {
      server.forceShutdown();
    },
  };
}

interface Request {
  readonly name: string;
  readonly parent: string;
  readonly pageSize: number;
  readonly batchPredictionJob: Readonly<Record<string, unknown>>;
}

function refusal(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: undefined }) as unknown as ServiceError;
}
