import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNameResolver } from '../../../../src/channels/webhook/guard/name-resolver';
import { createSystemNames } from '../../../../src/channels/webhook/guard/system-names';
import { type NameServer, startNameServer, type Zone } from '../../../support/name-server';
import { temporaryDirectory } from '../../../support/temporary-directory';

const servers: NameServer[] = [];
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeAll(async () => {
  folder = await temporaryDirectory();
});
afterAll(() => folder.remove());

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const ZONE: Zone = (name, type) => {
  if (name.startsWith('silent')) return 'silence';
  if (name === 'half.test' && type === 'AAAA') return 'silence';
  if (name === 'gone.test' || name === 'orders') return 'none';
  return type === 'A' ? ['192.0.2.7'] : [];
};

async function start(zone: Zone = ZONE, { hosts = '', resolvConf = '', ttl = 60 } = {}) {
  const server = await startNameServer(zone, ttl);
  servers.push(server);
  const files = { hosts: join(folder.path, 'hosts'), resolvConf: join(folder.path, 'resolv.conf') };
  writeFileSync(files.hosts, hosts);
  writeFileSync(files.resolvConf, resolvConf);
  const resolver = createNameResolver({
    servers: [server.address],
    names: createSystemNames(files),
    timeoutMs: 1_500,
  });
  return { ...resolver, asked: server.asked, files };
}

describe('the resolver of names', () => {
  it('gives a name up that its nameserver does not answer for, while files and other names are read', async () => {
    const { lookup } = await start();
    const silent = Array.from({ length: 8 }, (_, i) =>
      lookup(`silent-${i}.test`).catch((error: Error) => error.message),
    );
    // Both would wait for a thread, did look-ups hold any.
    await expect(lookup('orders.test')).resolves.toEqual(['192.0.2.7']);
    await readFile(__filename);
    expect(await Promise.all(silent)).toContain('the name silent-0.test cannot be resolved: timeout after 1.5s');
  });

  it('asks once for those that wait together, and not again as long as the answer holds', async () => {
    const { lookup, asked } = await start();
    await Promise.all([lookup('orders.test'), lookup('orders.test')]);
    await lookup('orders.test');
    expect(asked).toEqual(['orders.test', 'orders.test']);
  });

  it('believes a failure for a moment too', async () => {
    const { lookup, asked } = await start();
    for (const _ of [1, 2]) {
      await expect(lookup('gone.test')).rejects.toThrow('the name gone.test cannot be resolved: it has no address');
    }
    expect(asked).toHaveLength(2);
  });

  it('does not wait for the second family of addresses when it has the first', async () => {
    const { lookup } = await start();
    await expect(lookup('half.test')).resolves.toEqual(['192.0.2.7']);
  });

  it('says whether it knows a name, and finds it out behind that', async () => {
    const { lookup, isKnown } = await start();
    expect(await isKnown('silent.test', 10)).toBe(false);
    expect(await isKnown('orders.test', 1_000)).toBe(true);
    await expect(lookup('silent.test')).rejects.toThrow('timeout');
    // Whoever has not waited so long finds the failure, instead of a look-up that begins again.
    expect(await isKnown('silent.test', 0)).toBe(true);
  });

  it('takes the hosts file first, and again when it has changed', async () => {
    const { lookup, files, asked } = await start(ZONE, {
      hosts: '127.0.0.1 receiver Receiver.test # ours\n::1 receiver',
    });
    await expect(lookup('receiver')).resolves.toEqual(['127.0.0.1', '::1']);
    writeFileSync(files.hosts, '127.0.0.2\treceiver.test\n127.0.0.9 other');
    await expect(lookup('receiver.test')).resolves.toEqual(['127.0.0.2']);
    expect(asked).toEqual([]);
  });

  it('completes short names as resolv.conf says', async () => {
    const { lookup, asked } = await start(ZONE, { resolvConf: 'search shop.svc svc\noptions timeout:1 ndots:2' });
    await lookup('orders');
    await lookup('a.b.test');
    await lookup('absolute.');
    expect([...new Set(asked)]).toEqual(['orders.shop.svc', 'a.b.test', 'absolute']);
  });

  it('asks the next name where the first does not exist', async () => {
    const { lookup, asked } = await start(ZONE, { resolvConf: 'search shop.svc\noptions ndots:0' });
    await lookup('orders');
    expect([...new Set(asked)]).toEqual(['orders', 'orders.shop.svc']);
  });
});
