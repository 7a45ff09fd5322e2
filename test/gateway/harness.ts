import { request as httpRequest } from 'node:http';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Config } from '../../src/config/config';
import type { Notice } from '../../src/domain/notice';
import type { Readiness } from '../../src/gateway/routes/health';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/server';
import type { VertexAiConfig } from '../../src/providers/vertex-ai/config';
import { createFakeEndpoints } from '../support/fake-endpoints';
import { createFakeInbox, type FakeInbox } from '../support/fake-inbox';
import { createFakeJobs, type FakeJobs } from '../support/fake-jobs';
import { createFakeRedeliveries, type FakeRedeliveries } from '../support/fake-redeliveries';
import { testConfig } from '../support/test-config';

export const JOB = 'projects/123/locations/us-central1/batchPredictionJobs/456';
export const JOB_PATH = `/v1/jobs/vertex-ai/${encodeURIComponent(JOB)}`;
export const SUBMISSION = { provider: 'vertex-ai', job: JOB, endpoints: ['orders'] } as const;

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly origin: string;
  readonly jobs: FakeJobs;
  readonly redeliveries: FakeRedeliveries;
  readonly inbox: FakeInbox;
  /** What operators were told so far. */
  readonly told: readonly Notice[];
  /** Every log line so far. */
  readonly log: readonly Record<string, unknown>[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  readiness: Readiness;
}

export interface Setup {
  readonly tokens?: Config['gateway']['tokens'];
  readonly rateLimit?: Config['gateway']['rateLimit'];
  readonly push?: Partial<VertexAiConfig['pubsub']['push']>;
  readonly projects?: VertexAiConfig['projects'];
  /** Of the Tencent route. Default: none, and no route. */
  readonly callbackToken?: string;
  /** Default: one symmetric secret, `orders`. */
  readonly secrets?: Config['secrets'] | undefined;
  readonly http?: Config['providers']['http'];
  readonly timeouts?: GatewayOptions['timeouts'];
  /** In place of {@link RunningGateway.readiness}. */
  readonly ready?: GatewayOptions['ready'];
}

const running: Gateway[] = [];

/** A gateway that listens on a free port of 127.0.0.1; closed by {@link closeGateways}. */
export async function startGateway(setup: Setup = {}): Promise<RunningGateway> {
  const log: Record<string, unknown>[] = [];
  const told: Notice[] = [];
  const lines = new Writable({
    write(chunk, _encoding, done) {
      log.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const jobs = createFakeJobs();
  const redeliveries = createFakeRedeliveries();
  const inbox = createFakeInbox();
  const gateway = createGateway({
    config: configOf(setup),
    jobs,
    endpoints: createFakeEndpoints(),
    notifyOperations: async (notice) => void told.push(notice),
    redeliveries,
    inbox,
    ready: setup.ready ?? (async () => started.readiness),
    logger: pino({ level: 'debug' }, lines),
    version: '0.0.0-test',
    timeouts: setup.timeouts,
  });
  const origin = await gateway.listen();
  running.push(gateway);

  const started: RunningGateway = {
    gateway,
    origin,
    jobs,
    redeliveries,
    inbox,
    log,
    told,
    readiness: { ready: true },
    fetch: (path, init) => fetch(origin + path, init),
    post: (path, body, headers = {}) =>
      fetch(origin + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  };
  return started;
}

export async function closeGateways(): Promise<void> {
  await Promise.all(running.splice(0).map((gateway) => gateway.close()));
}

export interface RawRequest {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A request with the exact path and headers given: fetch normalises paths and sets Host itself. */
export function rawRequest(
  origin: string,
  { path = '/healthz', method = 'GET', headers = {}, body }: RawRequest,
): Promise<{ readonly status: number; readonly headers: Record<string, unknown>; readonly body: string }> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Of these the fake engine knows `orders`. */
const ENDPOINTS = ['orders', 'audit'].map((name) => ({ name, url: `https://${name}.example.com/` }));

function configOf({
  tokens = [],
  rateLimit,
  push = {},
  projects = {},
  callbackToken = '',
  secrets,
  http = [],
}: Setup): Config {
  const config = testConfig({ gateway: { port: 0, tokens, rateLimit }, endpoints: ENDPOINTS });
  const vertexAi = config.providers['vertex-ai'];
  const pubsub = { ...vertexAi.pubsub, push: { ...vertexAi.pubsub.push, ...push } };
  return {
    ...config,
    ...(secrets && { secrets }),
    providers: {
      ...config.providers,
      'vertex-ai': { ...vertexAi, projects, pubsub },
      'tencent-batch': { ...config.providers['tencent-batch'], callbackToken },
      http,
    },
  };
}
