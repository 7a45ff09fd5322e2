import { Connection, type ConnectionOptions } from '@temporalio/client';

const ANSWER_WITHIN_MS = 5_000;

/** After an outage, however long, Temporal is back for us within seconds (gRPC's own default is two minutes). */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 250, 'grpc.max_reconnect_backoff_ms': 5_000 };

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
  const connection = Connection.lazy({ ...options, connectTimeout: ANSWER_WITHIN_MS, channelArgs: RECONNECT });
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
