import { spawn } from 'node:child_process';

/** `cat` ends when its input does, which the kernel sees to however this process dies. */
const WATCH = 'trap "" INT TERM HUP; cat > /dev/null; kill "$0" 2> /dev/null';

/**
 * Ends the process `pid` as soon as this process is gone, even after `kill -9`, by way of a small shell that
 * holds a pipe to us. It stays in our process group. Call the result once the process has ended by itself.
 */
export function endWithParent(pid: number): () => void {
  const watcher = spawn('/bin/sh', ['-c', WATCH, String(pid)], { stdio: ['pipe', 'ignore', 'ignore'] });
  watcher.on('error', () => undefined); // no shell (Windows): then the guarantee is the process group's alone
  watcher.unref();
  return () => watcher.kill('SIGKILL');
}
