import { join } from 'node:path';
import type { Config } from '../config/config';
import { startGatewayProcess } from '../processes/gateway';
import type { ProcessOptions, RunningProcess } from '../processes/running-process';
import { newRegistry, startWorkerProcess } from '../processes/worker';
import { dialClient } from '../temporal/dial-client';
import { setup } from '../temporal/setup';
import { lockDirectory } from './lock-directory';
import { findTemporalCli } from './temporal-server/find-temporal-cli';
import { type DevServer, startDevServer } from './temporal-server/start-dev-server';

export interface DevOptions extends Omit<ProcessOptions, 'registry'> {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The Temporal CLI, where the caller has found it already. */
  readonly cli?: string;
  /** Where everything is kept over restarts: the SQLite file `temporal.db` in it. */
  readonly dataDirectory: string;
}

export interface Dev {
  readonly gateway: RunningProcess;
  readonly worker: RunningProcess;
  /** Of Temporal: `http://127.0.0.1:8233`. */
  readonly webUi: string;
  /** The configuration in use: its Temporal section is replaced by that of the dev server. */
  readonly config: Config;
  /** Resolves when all has stopped after the signal; rejects when any of it ended by itself. */
  readonly done: Promise<void>;
}

/**
 * `jobherald dev`: a Temporal dev server with its Web UI, set up, and a worker and a gateway in this process. Resolves
 * when both answer.
 * @throws {DirectoryInUseError} {@link ProgramNotFoundError} {@link DevServerError} {@link ListenError} {@link SetupError}
 */
export async function startDev(given: Config, options: DevOptions): Promise<Dev> {
  const lock = await lockDirectory(options.dataDirectory);
  try {
    const dev = await startParts(given, options);
    return { ...dev, done: dev.done.finally(lock.release) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startParts(given: Config, options: DevOptions): Promise<Dev> {
  const { logger, env, dataDirectory } = options;
  // Whichever part ends first, by the signal or by itself, ends the others.
  const parts = new AbortController();
  const signal = AbortSignal.any([options.signal, parts.signal]);
  const failures: unknown[] = [];
  const fail = (error: unknown) => {
    if (!signal.aborted) failures.push(error);
    parts.abort();
  };

  const server = await startDevServer({
    cli: options.cli ?? (await findTemporalCli({ env, log: logger })),
    address: given.temporal.address,
    dbFile: join(dataDirectory, 'temporal.db'),
    namespace: given.temporal.namespace,
    log: logger,
    onExit: (reason) => fail(new Error(reason)),
  });
  logger.info({ address: server.address, temporal_pid: server.pid }, 'Temporal dev server started');
  const config = onDevServer(given, server);
  const running: Promise<void>[] = [];
  const done = async (): Promise<void> => {
    await Promise.allSettled(running);
    await server.stop();
    if (failures.length > 0) throw failures[0];
  };
  const follow = (part: RunningProcess): RunningProcess => {
    running.push(part.done.catch(fail));
    return part;
  };

  try {
    await setUp(config, options);
    const { version, tracer } = options;
    const shared = { logger, version, signal, tracer, registry: newRegistry() };
    const worker = follow(await startWorkerProcess(config, shared));
    const gateway = follow(await startGatewayProcess(config, { ...shared, alsoReady: worker.ready }));
    return { gateway, worker, webUi: server.uiUrl, config, done: done() };
  } catch (error) {
    fail(error);
    await done();
    throw error;
  }
}

/** The dev server speaks plaintext, and knows no keys. */
function onDevServer(config: Config, { address }: DevServer): Config {
  const { inlineEndpoints = 'all' } = config.gateway; // a developer's receivers are on this machine
  return {
    ...config,
    gateway: { ...config.gateway, inlineEndpoints },
    temporal: { ...config.temporal, address, tls: false, apiKey: '', metadata: {}, deployment: undefined },
  };
}

async function setUp({ temporal }: Config, { logger }: DevOptions): Promise<void> {
  const connection = await dialClient({ address: temporal.address });
  try {
    await setup(connection, temporal, logger, { updateRetention: true });
  } finally {
    await connection.close();
  }
}
