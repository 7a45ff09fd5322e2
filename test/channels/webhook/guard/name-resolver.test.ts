import { symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNameResolver } from '../../../../src/channels/webhook/guard/name-resolver';
import { createSystemNames } from '../../../../src/channels/webhook/guard/system-names';
import { eventually } from '../../../support/eventually';
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

async function start(zone: Zone = ZONE, { hosts = '', resolvConf = '', ttl = 60, timeoutMs = 30_000 } = {}) {
  const server = await startNameServer(zone, ttl);
  servers.push(server);
  const files = { hosts: join(folder.path, 'hosts'), resolvConf: join(folder.path, 'resolv.conf') };
  writeFileSync(files.hosts, hosts);
  writeFileSync(files.resolvConf, resolvConf);
  const resolver = createNameResolver({
    servers: [server.address],
    names: createSystemNames(files),
    timeoutMs,
  });
  return { ...resolver, asked: server.asked, files };
}

/** Whoever waits for a nameserver asks it again after a second; a machine that stood still for so long is no fault. */
const REPEATED_AFTER_MS = 900;

describe('the resolver of names', () => {
  it('gives a name up that its nameserver does not answer for, while files and other names are read', async () => {
    const { lookup } = await start(ZONE, { timeoutMs: 1_500 });
    const silent = Array.from({ length: 8 }, (_, i) =>
      lookup(`silent-${i}.test`).catch((error: Error) => error.message),
    );
    // Both would wait for a thread, did look-ups hold any.
    await expect(lookup('orders.test')).resolves.toEqual(['192.0.2.7']);
    await readFile(__filename);
    expect(await Promise.all(silent)).toContain('the name silent-0.test cannot be resolved: timeout after 1.5s');
  });

  it('takes a file of the system that cannot be looked at for empty', () => {
    const loop = join(folder.path, 'loop');
    symlinkSync(loop, loop);
    const names = createSystemNames({ hosts: loop, resolvConf: loop });
    expect(names.addressesOf('orders.test')).toBeUndefined();
    expect(names.candidatesFor('orders.test')).toEqual(['orders.test']);
  });

  it('looks a name up again after a look-up that failed before anything was asked', async () => {
    const server = await startNameServer(ZONE, 60);
    servers.push(server);
    const candidatesFor = jest.fn((hostname: string): string[] => [hostname]);
    candidatesFor.mockImplementationOnce(() => {
      throw new Error('too many open files');
    });
    const names = { addressesOf: () => undefined, candidatesFor };
    const { lookup } = createNameResolver({ servers: [server.address], names });
    await expect(lookup('orders.test')).rejects.toThrow('too many open files');
    const later = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_000);
    const found = lookup('orders.test');
    later.mockRestore();
    await expect(found).resolves.toEqual(['192.0.2.7']);
  });

  it('asks once for those that wait together, and not again as long as the answer holds', async () => {
    await eventually('nothing is asked for again', async () => {
      const { lookup, asked } = await start();
      const began = performance.now();
      await Promise.all([lookup('orders.test'), lookup('orders.test')]);
      await lookup('orders.test');
      if (performance.now() - began > REPEATED_AFTER_MS) return false;
      expect(asked).toEqual(['orders.test', 'orders.test']);
      return true;
    });
  });

  it('believes a failure for a moment too', async () => {
    await eventually('nothing is asked for again', async () => {
      const { lookup, asked } = await start();
      const began = performance.now();
      for (const _ of [1, 2]) {
        await expect(lookup('gone.test')).rejects.toThrow('the name gone.test cannot be resolved: it has no address');
      }
      if (performance.now() - began > REPEATED_AFTER_MS) return false;
      expect(asked).toHaveLength(2);
      return true;
    });
  });

  it('does not wait for the second family of addresses when it has the first', async () => {
    const { lookup } = await start();
    await expect(lookup('half.test')).resolves.toEqual(['192.0.2.7']);
  });

  it('says whether it knows a name, and finds it out behind that', async () => {
    const { lookup, isKnown } = await start(ZONE, { timeoutMs: 1_500 });
    expect(await isKnown('silent.test', 10)).toBe(false);
    expect(await isKnown('orders.test', 30_000)).toBe(true);
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
