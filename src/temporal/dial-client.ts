import { readFile } from 'node:fs/promises';
import {
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  isRetryableError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import type { TLSConfig } from '@temporalio/common/lib/internal-non-workflow';
import { whatIsUnrepeated } from '../async/unrepeated';
import type { Certificate, TemporalConfig } from '../config/config';
import { cancelledOnceClosed } from './closed-channel';

const ANSWER_WITHIN_MS = 5_000;

/** An answer may have a page of histories or memos in it. gRPC's own limit, 4 MiB, is less than Temporal may send. */
const MAX_ANSWER = { 'grpc.max_receive_message_length': 128 * 1024 * 1024 };

/** After an outage, however long, Temporal is back for us within seconds (gRPC's own default is two minutes). */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 250, 'grpc.max_reconnect_backoff_ms': 5_000 };

/**
 * The SDK's own retries, but for an answer that was too large: the same question has the same answer, and whoever asked can
 * ask for less. (Temporal's code for it is the one for callers that are too fast.)
 */
const RETRY = makeGrpcRetryInterceptor({
  ...defaultGrpcRetryOptions(),
  retryableDecider: (_attempt, status) => isRetryableError(status) && !/larger than max/i.test(status.details),
});
/** gRPC's code. Where somebody waits, "asked too often" is the answer. */
const RESOURCE_EXHAUSTED = 8;
const RETRY_UNLESS_BUSY = makeGrpcRetryInterceptor({
  ...defaultGrpcRetryOptions(),
  retryableDecider: (_attempt, status) => isRetryableError(status) && status.code !== RESOURCE_EXHAUSTED,
});
const NO_RETRY = makeGrpcRetryInterceptor({ ...defaultGrpcRetryOptions(), retryableDecider: () => false });
const RETRIES: typeof RETRY = (options, next) => {
  const unrepeated = whatIsUnrepeated();
  const retry = unrepeated === 'ever' ? NO_RETRY : unrepeated === 'when_busy' ? RETRY_UNLESS_BUSY : RETRY;
  return retry(options, next);
};

/** A failed attempt must not slow the next one down. */
const FRESH = { 'grpc.use_local_subchannel_pool': 1 };

/**
 * Connects once, or fails at once with the cause. `Connection.connect` alone would wait out its deadline, name no
 * cause, and leave a channel behind that dials for ever; so one call without retries goes ahead.
 */
export async function dialClient(options: ConnectionOptions): Promise<Connection> {
  await using(Connection.lazy({ ...options, interceptors: [], channelArgs: FRESH }), (probe) =>
    probe.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => probe.workflowService.getSystemInfo({})),
  );
  const connection = Connection.lazy({
    ...options,
    connectTimeout: ANSWER_WITHIN_MS,
    interceptors: [cancelledOnceClosed(RETRIES)],
    channelArgs: { ...RECONNECT, ...MAX_ANSWER, ...options.channelArgs },
  });
  try {
    await connection.ensureConnected();
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function using<T>(connection: Connection, use: (connection: Connection) => Promise<T>): Promise<T> {
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

export interface CommonConnectionOptions {
  readonly address: string;
  readonly tls: TLSConfig | boolean;
  readonly apiKey?: string;
  readonly metadata?: Record<string, string>;
}

/**
 * What both kinds of connection take. Apart from connection.ts so that a program which is only a client loads nothing
 * of the worker.
 * @throws an error that names the TLS file that cannot be read
 */
export async function connectionOptions(temporal: TemporalConfig): Promise<CommonConnectionOptions> {
  const { address, apiKey, tls, metadata = {} } = temporal;
  const base = { address, ...(Object.keys(metadata).length > 0 && { metadata: { ...metadata } }) };
  if (apiKey === '') return { ...base, tls: tls === false ? false : await tlsConfig(tls) };
  // An API key is a secret: it never goes over plaintext, whatever `tls` says.
  return { ...base, apiKey, tls: tls === false ? true : await tlsConfig(tls) };
}

async function tlsConfig(tls: Exclude<TemporalConfig['tls'], false>): Promise<TLSConfig> {
  const ca = await pem('ca', tls.ca);
  const crt = await pem('cert', tls.cert);
  const key = await pem('key', tls.key);
  if ((crt === undefined) !== (key === undefined)) {
    throw new Error('/temporal/tls: a client certificate needs both cert and key');
  }
  return {
    ...(tls.serverName ? { serverNameOverride: tls.serverName } : {}),
    ...(ca ? { serverRootCACertificate: ca } : {}),
    ...(crt && key ? { clientCertPair: { crt, key } } : {}),
  };
}

async function pem(member: string, file: Certificate | undefined): Promise<Buffer | undefined> {
  if (!file) return undefined;
  if (typeof file !== 'string') return Buffer.from(file.pem);
  try {
    return await readFile(file);
  } catch (error) {
    throw new Error(`/temporal/tls/${member}: ${(error as Error).message}`, { cause: error });
  }
}

/** ` (2026-01-02T03:04:05.678Z)`, which gRPC appends to some errors. */
const TIME = / \(\d{4}-\d\d-\d\dT[\d:.]+Z\)/g;

/**
 * Why a connection failed, in one line. The SDK wraps gRPC errors, which wrap the operating system's; the innermost
 * one says what is wrong, in the native runtime's case inside a dump of Rust structures.
 */
export function connectFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return connectFailure(error.cause);
  const { details } = error as { readonly details?: unknown };
  const said = typeof details === 'string' && details !== '' ? details : error.message;
  const text = said.replace(TIME, ''); // otherwise the same cause would differ at every attempt
  return (
    /Last error: (?:Error: )?(.+?)\. Resolution note/.exec(text)?.[1] ??
    /(?:message|error): "([^"]+)"/.exec(text)?.[1] ??
    text.split('\n')[0] ??
    error.name
  );
}
