import { spawn } from 'node:child_process';
import type { Part } from './part';

/**
 * A Temporal server of one's own, such as that of docker-compose.yml with PostgreSQL behind it: who runs it says with
 * which commands it is killed and started again.
 */
export function ownTemporalPart(commands: { readonly kill: string; readonly start: string }): Part {
  return {
    name: 'temporal',
    pid: () => undefined,
    start: () => shell(commands.start),
    kill: () => shell(commands.kill),
  };
}

function shell(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}
