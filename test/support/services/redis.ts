import { createClient } from 'redis';
import { freePort } from '../free-port';
import { programPath } from './install';
import { type Service, serviceDirectory, startService } from './service';

export interface RedisService extends Service {
  readonly url: string;
}

/** A Redis server on loopback, in memory. */
export async function startRedis({ databases = 16 } = {}): Promise<RedisService> {
  const path = await programPath({ name: 'redis-server', debian: 'redis-server' });
  const directory = await serviceDirectory('redis');
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const listen = ['--port', String(port), '--bind', '127.0.0.1', '--databases', String(databases)];
  const args = [...listen, '--save', '', '--appendonly', 'no'];
  const service = await startService({ path, args, directory, isReady: () => answers(url) });
  return { url, ...service };
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    if (client.isOpen) client.destroy();
  }
}
