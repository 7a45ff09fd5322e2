import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Below what Linux (32768), macOS and Windows (49152) give to outgoing connections and to whoever listens on port 0:
 * only whoever means one of these ports takes it, so one that is free stays free until it is used.
 */
const FIRST = 10_240;
const LAST = 31_700;

/** One file for each port that a test process of this machine has claimed. */
const CLAIMS = join(tmpdir(), 'jobherald-test-ports');

/** A TCP port of 127.0.0.1 that nothing listens on, and that no other test of this machine is given while this process lives. */
export async function freePort(): Promise<number> {
  return freePorts([0]);
}

/** A free port whose neighbour `offset` above is free too (the dev server's Web UI is 1000 above). */
export async function freePortWithNeighbour(offset: number): Promise<number> {
  return freePorts([0, offset]);
}

async function freePorts(offsets: readonly number[]): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST - Math.max(...offsets)));
    const ports = offsets.map((offset) => port + offset);
    const free = await Promise.all(ports.map((each) => claim(each) && isFree(each)));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`no free port from ${FIRST} to ${LAST}; are there old claims in ${CLAIMS}?`);
}

/** A claim is never given back: the process that holds it may want the port again, to restart what ran there. */
function claim(port: number): boolean {
  mkdirSync(CLAIMS, { recursive: true });
  const file = join(CLAIMS, String(port));
  if (writeClaim(file)) return true;
  if (isHeld(file)) return false;
  rmSync(file, { force: true });
  return writeClaim(file);
}

function writeClaim(file: string): boolean {
  try {
    const claimed = openSync(file, 'wx');
    writeSync(claimed, String(process.pid));
    closeSync(claimed);
    return true;
  } catch {
    return false;
  }
}

/** Whether the process that made the claim is still there. */
function isHeld(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Takes a port of 127.0.0.1, so that nothing else can listen there until it is closed. */
export async function listenOn(port: number): Promise<{ close(): Promise<void> }> {
  const server = createServer().listen({ host: '127.0.0.1', port });
  await once(server, 'listening');
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
