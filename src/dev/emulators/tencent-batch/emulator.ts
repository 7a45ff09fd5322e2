import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type JsonObject, parseJsonOrUndefined, textAt } from '../../../domain/json';
import { API_VERSION } from '../../../providers/tencent-batch/call-api';
import type { JobResource } from '../../../providers/tencent-batch/job-status';
import { type CmqPush, pushCmq } from './cmq-push';
import { type ApiRefusal, type Keys, refusal, signatureFault } from './signature-check';

export interface TencentBatchEmulatorOptions extends Partial<Keys> {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

/** A job as a test writes it: the members of DescribeJob's response. */
export type EmulatedJob = JobResource & { readonly JobId: string; readonly [member: string]: unknown };

/** One request that reached the emulator. */
export interface Call {
  /** `X-TC-Action`. */
  readonly action: string;
  /** '' for DescribeJobs. */
  readonly job: string;
  /** `X-TC-Region`. */
  readonly region: string;
  /** RFC 3339. */
  readonly time: string;
}

/**
 * A Tencent Batch API without computation: tests set its jobs. It has DescribeJob, DescribeJobs and TerminateJob of API
 * 3.0 over real HTTP, verifies every signature, and pushes messages as CMQ does.
 */
export interface TencentBatchEmulator {
  /** For `providers.tencent-batch.endpoint`: `http://127.0.0.1:34567`. */
  readonly origin: string;
  /** For `secret_id` and `secret_key`. */
  readonly keys: Keys;
  /** Every request so far, oldest first, including refused ones. */
  readonly calls: readonly Call[];
  /** Creates or replaces a job. Default state SUBMITTED. */
  putJob(job: EmulatedJob): EmulatedJob;
  setState(job: string, state: string, patch?: Partial<EmulatedJob>): EmulatedJob;
  removeJob(job: string): void;
  /** Refuses the next `times` requests for a job, or of an action, with an error code of the API, or with an HTTP status alone. */
  fail(job: string, code: string | number, times?: number): void;
  /** Answers RequestLimitExceeded beyond so many DescribeJobs a second; 0 for no limit, which is the default. */
  limitDescribeJobs(perSecond: number): void;
  /** Delays requests for a job until the returned function is called. */
  hold(job: string): () => void;
  /** Pushes events as CMQ does. Resolves with the receiver's HTTP status; CMQ tries again unless it is 2xx. */
  push(url: string, push: CmqPush): Promise<number>;
  close(): Promise<void>;
}

interface DescribeJobsParameters {
  readonly JobIds?: readonly string[];
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly Offset?: number;
  readonly Limit?: number;
}

const MAX_LIMIT = 100;
const JOB_ID = /^job-[0-9a-z]+$/;

/** What of a job each filter is about. Those of tags are not emulated. */
const FILTERS: ReadonlyMap<string, string> = new Map([
  ['job-id', 'JobId'],
  ['job-name', 'JobName'],
  ['job-state', 'JobState'],
  ['zone', 'Zone'],
]);

/** A JobView, which has less than DescribeJob's response: no StateReason, no tasks, no metrics of their instances. */
function toJobView({
  JobId,
  JobName,
  JobState,
  Priority,
  Zone,
  CreateTime,
  EndTime,
  TaskMetrics,
}: EmulatedJob): object {
  const view = { JobId, JobName, JobState, Priority, CreateTime, EndTime: EndTime ?? null, TaskMetrics };
  return { ...view, Placement: { Zone }, Tags: [], NextAction: null };
}

const ENDED = ['SUCCEED', 'FAILED', 'FAILED_INTERRUPTED'];

export async function startTencentBatchEmulator(
  options: TencentBatchEmulatorOptions = {},
): Promise<TencentBatchEmulator> {
  const { host = '127.0.0.1', port = 0, secretId = 'AKIDemulator', secretKey = 'emulator-secret-key' } = options;
  const keys = { secretId, secretKey };
  const jobs = new Map<string, EmulatedJob>();
  const calls: Call[] = [];
  const failures = new Map<string, { readonly code: string | number; left: number }>();
  const holds = new Map<string, Promise<void>>();
  let described: number[] = [];
  let describeJobsLimit = 0;

  const put = (job: EmulatedJob): EmulatedJob => {
    jobs.set(job.JobId, job);
    return job;
  };
  const find = (id: string): EmulatedJob => {
    const job = jobs.get(id);
    if (!job) throw new Error(`there is no job ${id}; call putJob first`);
    return job;
  };
  const setState: TencentBatchEmulator['setState'] = (id, state, patch = {}) =>
    put({
      ...find(id),
      JobState: state,
      ...(ENDED.includes(state) && { EndTime: now() }),
      ...patch,
      JobId: id,
    });

  const actions: Readonly<Record<string, (job: EmulatedJob) => object | ApiRefusal>> = {
    DescribeJob: (job) => job,
    TerminateJob(job) {
      if (job.JobState === 'SUBMITTED') {
        return refusal('UnsupportedOperation', 'A job that is SUBMITTED cannot be terminated.');
      }
      // Tencent has no state of its own for a terminated job.
      if (!ENDED.includes(String(job.JobState))) setState(job.JobId, 'FAILED', { StateReason: 'Terminated by user' });
      return {};
    },
  };

  const mayDescribeJobs = (): boolean => {
    const now = Date.now();
    described = described.filter((at) => at > now - 1_000);
    described.push(now);
    return describeJobsLimit === 0 || described.length <= describeJobsLimit;
  };

  /** https://www.tencentcloud.com/document/product/599/30557 */
  const describeJobs = (parameters: JsonObject): object | ApiRefusal => {
    if (!mayDescribeJobs()) return refusal('RequestLimitExceeded', 'The request limit is exceeded.');
    const { JobIds, Filters = [], Offset = 0, Limit = 20 } = parameters as DescribeJobsParameters;
    if (JobIds && Filters.length > 0) {
      const message = 'JobIds and Filters cannot be specified together.';
      return refusal('InvalidParameter.InvalidParameterCombination', message);
    }
    if ((JobIds?.length ?? 0) > MAX_LIMIT) return refusal('InvalidParameterValue', 'There are more than 100 JobIds.');
    if (Offset < 0 || Limit < 1 || Limit > MAX_LIMIT) {
      return refusal('InvalidParameterValue', 'Offset must be 0 or more, and Limit 1 to 100.');
    }
    const malformed = JobIds?.find((id) => !JOB_ID.test(id));
    if (malformed !== undefined) return refusal('InvalidParameter.JobIdMalformed', `Invalid JobId: ${malformed}`);
    const wrong = Filters.find(({ Name }) => !FILTERS.has(Name));
    if (wrong) return refusal('InvalidFilter', `Invalid filter: ${wrong.Name}`);
    const found = JobIds
      ? JobIds.flatMap((id) => jobs.get(id) ?? [])
      : [...jobs.values()]
          .reverse()
          .filter((job) => Filters.every(({ Name, Values }) => Values.includes(String(job[FILTERS.get(Name) ?? '']))));
    return { TotalCount: found.length, JobSet: found.slice(Offset, Offset + Limit).map(toJobView) };
  };

  const answer = (request: IncomingMessage, body: Buffer, job: string): object | ApiRefusal => {
    const fault = signatureFault(request.headers, body, keys);
    if (fault) return fault;
    if (request.headers['x-tc-version'] !== API_VERSION) return refusal('NoSuchVersion', 'The version does not exist.');
    const name = String(request.headers['x-tc-action']);
    if (name === 'DescribeJobs') return describeJobs(parametersOf(body));
    const action = actions[name];
    if (!action) return refusal('InvalidAction', 'The action does not exist.');
    if (!JOB_ID.test(job)) return refusal('InvalidParameter.JobIdMalformed', `Invalid JobId: ${job}`);
    const found = jobs.get(job);
    return found ? action(found) : refusal('ResourceNotFound.Job', `The job ${job} does not exist.`);
  };

  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const job = jobIdOf(body);
    const { 'x-tc-action': action = '', 'x-tc-region': region = '' } = request.headers;
    calls.push({ action: String(action), job, region: String(region), time: new Date().toISOString() });
    await holds.get(job);
    const failure = failures.get(job) ?? failures.get(String(action));
    const failing = failure !== undefined && failure.left-- > 0 ? failure.code : undefined;
    if (typeof failing === 'number') {
      response.writeHead(failing, { 'content-type': 'text/html' }).end('<html>refused by the emulator</html>');
      return;
    }
    const result = failing === undefined ? answer(request, body, job) : refusal(failing, 'refused by the emulator');
    const content = 'Code' in result ? { Error: result } : result;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ Response: { ...content, RequestId: randomUUID() } }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    keys,
    calls,
    putJob: (job) => put({ JobState: 'SUBMITTED', JobName: 'emulated', CreateTime: now(), ...job }),
    setState,
    removeJob: (job) => void jobs.delete(job),
    fail: (job, code, times = 1) => void failures.set(job, { code, left: times }),
    limitDescribeJobs(perSecond) {
      describeJobsLimit = perSecond;
    },
    hold(job) {
      let release = () => {};
      holds.set(job, new Promise((resolve) => (release = resolve)));
      return () => {
        holds.delete(job);
        release();
      };
    },
    push: pushCmq,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parametersOf(body: Buffer): JsonObject {
  const request = parseJsonOrUndefined(body.toString('utf8'));
  return isObject(request) ? request : {};
}

/** '' for a call about several. */
function jobIdOf(body: Buffer): string {
  return textAt(parametersOf(body), 'JobId') ?? '';
}

/** Tencent's times have no fractions of a second. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
