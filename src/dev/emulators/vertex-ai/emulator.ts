import { randomInt } from 'node:crypto';
import { type handleUnaryCall, Metadata, Server, ServerCredentials, type ServiceError, status } from '@grpc/grpc-js';
import { JOB_KINDS } from '../../../providers/vertex-ai/job-name';
import { createJobStore, type EmulatedJob, toWire } from './job-store';
import { FilterError } from './list-filter';
import { type ListPageRequest, listPage, type Paging } from './list-page';
import { loadRetryDetails, loadServices, type ServiceName } from './protos';

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

export interface Refusal {
  readonly code: status;
  /** Sent as google.rpc.RetryInfo. */
  readonly retryAfterMs?: number;
}

/** Of each project and location, for all methods together, as Google counts them. */
export interface Quota {
  readonly requests: number;
  readonly perMs: number;
}

export interface ListedPage {
  readonly method: string;
  readonly parent: string;
  readonly isFirst: boolean;
  readonly names: readonly string[];
  /** What is sent of the first job: its members, as far as read_mask lets them through. */
  readonly members: readonly string[];
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
  /** Refuses every request of a method (`ListBatchPredictionJobs`), or of those that match, until `undefined` is set. */
  refuse(method: string | RegExp, refusal: Refusal | undefined): void;
  /** Answers RESOURCE_EXHAUSTED, with the time that is left, beyond so many requests for a project and location. */
  setQuota(quota: Quota | undefined): void;
  /** LIST shows jobs as they were so long ago, and none that is newer. Default 0. */
  setIndexLag(ms: number): void;
  setPaging(paging: Paging): void;
  /** Calls back after each page of a LIST, before it is sent: to end a job during the walk. */
  onPage(listener: ((page: ListedPage) => void) | undefined): void;
  /** How many requests of a method, or of those that match, there were so far. */
  countOf(method: string | RegExp): number;
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
  const refusals = new Map<string, { readonly method: string | RegExp; readonly refusal: Refusal }>();
  const counts = new Map<string, number>();
  const limiter = createLimiter();
  const retryDetails = loadRetryDetails();
  let indexLagMs = 0;
  let paging: Paging = 'cursor';
  let pageListener: ((page: ListedPage) => void) | undefined;

  /** What all methods do: count, wait, refuse, and only then answer. */
  const method =
    (methodName: string, answer: (request: Request) => object): handleUnaryCall<Request, object> =>
    async ({ request }, callback) => {
      const name = store.canonical(request.name || request.parent || '');
      calls.push({ method: methodName, name, time: new Date().toISOString() });
      counts.set(methodName, (counts.get(methodName) ?? 0) + 1);
      await holds.get(name);
      const standing = [...refusals.values()].find(({ method }) => matches(method, methodName))?.refusal;
      if (standing) return callback(refuse(standing, `${methodName} ${name} is set to fail`));
      const waitMs = limiter.take(name.split('/', 4).join('/'));
      if (waitMs > 0) {
        const details = "Quota exceeded for quota metric 'Resource management requests'";
        return callback(refuse({ code: status.RESOURCE_EXHAUSTED, retryAfterMs: waitMs }, details));
      }
      const failure = failures.get(name);
      if (failure && failure.left > 0) {
        failure.left -= 1;
        return callback(refusal(failure.code, `the emulator refuses ${methodName} ${name}`));
      }
      try {
        callback(null, answer(request));
      } catch (error) {
        callback(
          error instanceof FilterError ? refusal(status.INVALID_ARGUMENT, error.message) : (error as ServiceError),
        );
      }
    };

  const refuse = ({ code, retryAfterMs }: Refusal, details: string): ServiceError => {
    const error = refusal(code, details);
    if (retryAfterMs === undefined) return error;
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', retryDetails(retryAfterMs, code, details));
    return Object.assign(error, { metadata });
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
  const list = (type: string, collection: string) =>
    method(`List${type}s`, (request) => {
      const page = listPage(request, collection, store.list(request.parent, collection, indexLagMs), paging);
      pageListener?.({
        method: `List${type}s`,
        parent: store.canonical(request.parent),
        isFirst: (request.pageToken ?? '') === '',
        names: page.jobs.map(({ name }) => name),
        members: Object.keys(page.jobs[0] ?? {}),
      });
      return { [collection]: page.jobs.map(toWire), nextPageToken: page.nextPageToken };
    });

  const server = new Server();
  const services = loadServices();
  for (const serviceName of Object.keys(services) as ServiceName[]) {
    const kinds = Object.entries(JOB_KINDS).filter(([, { client }]) => client === `${serviceName}Client`);
    server.addService(services[serviceName], {
      ...Object.fromEntries(
        kinds.flatMap(([collection, { type }]) => [
          [`Get${type}`, get(type)],
          [`Cancel${type}`, cancel(type)],
          [`List${type}s`, list(type, collection)],
        ]),
      ),
      ...(serviceName === 'JobService' && { CreateBatchPredictionJob: create }),
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
    refuse(method, next) {
      if (next) refusals.set(String(method), { method, refusal: next });
      else refusals.delete(String(method));
    },
    setQuota: (quota) => limiter.set(quota),
    setIndexLag(ms) {
      indexLagMs = ms;
    },
    setPaging(next) {
      paging = next;
    },
    onPage(listener) {
      pageListener = listener;
    },
    countOf: (method) =>
      [...counts].filter(([name]) => matches(method, name)).reduce((sum, [, count]) => sum + count, 0),
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

interface Request extends ListPageRequest {
  readonly name: string;
  readonly batchPredictionJob: Readonly<Record<string, unknown>>;
}

function refusal(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: undefined }) as unknown as ServiceError;
}

function matches(method: string | RegExp, name: string): boolean {
  return typeof method === 'string' ? method === name : method.test(name);
}

/** Counts requests in windows that begin with the first of each. */
function createLimiter() {
  const windows = new Map<string, { readonly since: number; left: number }>();
  let quota: Quota | undefined;
  return {
    set(next: Quota | undefined): void {
      quota = next;
      windows.clear();
    },
    /** @returns how long to wait, in ms; 0 where the request is within the quota */
    take(key: string): number {
      if (!quota) return 0;
      const { requests, perMs } = quota;
      const now = Date.now();
      const current = windows.get(key);
      const open = current && current.since + perMs > now ? current : { since: now, left: requests };
      windows.set(key, open);
      return open.left-- > 0 ? 0 : open.since + perMs - now;
    },
  };
}
