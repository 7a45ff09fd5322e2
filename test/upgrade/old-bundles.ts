import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const BUNDLES = join(__dirname, '../fixtures/bundles');

export interface OldBundle {
  /** Version and commit. */
  readonly name: string;
  readonly code: string;
}

/** The workflows of earlier releases, kept by `npm run keep-bundle`. */
export function oldBundles(): readonly OldBundle[] {
  return readdirSync(BUNDLES)
    .filter((file) => file.endsWith('.js.gz'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.js.gz'.length),
      code: gunzipSync(readFileSync(join(BUNDLES, file))).toString(),
    }));
}
