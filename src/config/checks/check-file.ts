import { accessSync, constants } from 'node:fs';
import type { Fault } from '../fault';

/** That a configured file can be read now, so that a mistyped path shows at start and not at the first delivery. */
export function checkFile(pointer: string, path: string): readonly Fault[] {
  if (path === '') return [];
  try {
    accessSync(path, constants.R_OK);
    return [];
  } catch (error) {
    return [{ pointer, text: `cannot read ${path} (${(error as NodeJS.ErrnoException).code})` }];
  }
}
