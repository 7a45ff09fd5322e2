import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Connection } from 'rabbitmq-client';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { programPath } from './install';
import { insteadOfRoot, type RunAs, type Service, serviceDirectory } from './service';

/** On a machine with two busy cores a broker takes its time. */
const STARTED_WITHIN_MS = 240_000;

export interface RabbitmqService extends Service {
  /** Of its one virtual host, with no password, as a configuration's default has it. */
  readonly url: string;
  readonly port: number;
  /** The end of a machine: no goodbye to anybody. */
  kill(): Promise<void>;
  /** The same broker again after {@link RabbitmqService.kill}: same port, same data. */
  restart(): Promise<void>;
}

/**
 * A RabbitMQ broker on loopback, with a node name, data and Erlang port mapper that nothing else on the machine shares.
 */
export async function startRabbitmq(): Promise<RabbitmqService> {
  const server = await programPath({
    name: 'rabbitmq-server',
    debian: 'rabbitmq-server',
    // Debian's own on PATH insists on one place for its data.
    folders: ['/usr/lib/rabbitmq/bin', '/opt/homebrew/opt/rabbitmq/sbin'],
  });
  const epmd = await programPath({ name: 'epmd', debian: 'erlang-base', folders: ['/usr/lib/erlang/erts-*/bin'] });
  const as = insteadOfRoot('rabbitmq');
  const directory = await serviceDirectory('rabbitmq', as);
  const [port, distributionPort, mapperPort] = [await freePort(), await freePort(), await freePort()];
  const url = `amqp://127.0.0.1:${port}`;
  await writeFile(join(directory, 'enabled_plugins'), '[].\n');
  const env = {
    PATH: `${dirname(epmd)}:${process.env['PATH']}`,
    HOME: directory,
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: `jobherald-${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    ERL_EPMD_PORT: String(mapperPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(directory, 'pid'),
    // The script then becomes the broker, instead of staying its parent: a signal reaches the broker itself.
    NOTIFY_SOCKET: join(directory, 'nobody-listens'),
    // Schedulers that spin while they wait would take the tests' cores.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none',
  };
  const launch = (path: string, args: readonly string[]) => startProgram(path, args, { directory, env, as });

  // Would otherwise be started by the broker, as a daemon that outlives it.
  const mapper = launch(epmd, ['-port', String(mapperPort), '-address', '127.0.0.1']);
  let broker = launch(server, []);
  const ready = async () => {
    await eventually(
      'RabbitMQ is ready',
      () => {
        if (!broker.isRunning()) throw new Error(`rabbitmq-server ended: ${broker.output()}`);
        return answers(url);
      },
      { withinMs: STARTED_WITHIN_MS },
    );
  };
  const stop = async () => {
    await broker.kill();
    await mapper.kill();
    await rm(directory, { recursive: true, force: true });
  };

  try {
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    port,
    stop,
    kill: () => broker.kill(),
    async restart() {
      broker = launch(server, []);
      await ready();
    },
  };
}

interface Program {
  isRunning(): boolean;
  /** The last of what it has said. */
  output(): string;
  /** Ends it at once, and waits until it is gone. */
  kill(): Promise<void>;
}

function startProgram(
  path: string,
  args: readonly string[],
  {
    directory,
    env,
    as,
  }: { readonly directory: string; readonly env: NodeJS.ProcessEnv; readonly as?: RunAs | undefined },
): Program {
  const child = spawn(path, args, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'], ...as });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output = `${output}${data}`.slice(-2_000);
    });
  // Jest may be ended before the test file is over.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    isRunning: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    output: () => output.trim(),
    async kill() {
      process.off('exit', kill);
      kill();
      await ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const connection = new Connection({ url: url.replace('//', '//guest:guest@') });
  connection.on('error', () => undefined);
  try {
    await connection.onConnect(2_000, true);
    return true;
  } catch {
    return false;
  } finally {
    connection.unsafeDestroy();
  }
}
