import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { CliIo } from './cli-io';

/** The bytes of a file, or of standard input where it is named `-`. */
export async function readInput(io: CliIo, file: string): Promise<Buffer> {
  return file === '-' ? buffer(io.stdin) : readFile(resolve(io.cwd, file));
}
