import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** jobherald's version, as its package.json has it: above this file in the sources and in the build alike. */
export function version(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).version;
  }
  throw new Error('package.json is missing above jobherald; install it again');
}
