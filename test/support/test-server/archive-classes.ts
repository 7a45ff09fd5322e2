import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Environment } from '../../../src/dev/temporal-server/cli-cache';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { TEST_SERVER_MAIN } from './pom';

/** Java reads it where it fits, and starts without it where it is missing or of another Java. */
export const CLASSES = 'classes.jsa';

/**
 * Starts the test server of `directory` once and keeps the classes that it loads. It has to be there already: an archive is
 * valid only for the paths it was made with.
 */
export async function archiveClasses(directory: string, scratch: string, env: Environment): Promise<void> {
  const port = await freePort();
  const archive = join(scratch, CLASSES);
  const options = [`-XX:ArchiveClassesAtExit=${archive}`, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  const server = spawn('java', [...options, '-cp', `${directory}/lib/*`, TEST_SERVER_MAIN, String(port)], {
    env: { ...env },
    stdio: 'ignore',
  });
  const gone = once(server, 'exit');
  try {
    await eventually('the test server listens', () => listens(port));
    server.kill('SIGTERM'); // unlike SIGKILL it lets Java write the archive
    await gone;
    await rename(archive, join(directory, CLASSES));
  } catch {
    // An old Java has no such archive: the server starts all the same, only slower.
    server.kill('SIGKILL');
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}
