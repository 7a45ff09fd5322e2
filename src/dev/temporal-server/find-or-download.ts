import type { Log } from '../../temporal/connection';
import type { Environment } from './cli-cache';
import { type DownloadLock, lockDownloads } from './download-lock';

/** What every way of finding a program is given. */
export interface Search {
  readonly env: Environment;
  readonly log: Log;
}

/** One way to come by a program: resolves with its path, or throws an error that says why not. */
export interface Way {
  /** As an error names it: `temporal on PATH`. */
  readonly name: string;
  find(): Promise<string>;
}

export interface Program {
  /** As an error begins: `The Temporal CLI`. */
  readonly name: string;
  /** Ways that download nothing, but for the cache. */
  readonly installed: readonly Way[];
  /** What was downloaded before. */
  readonly cache: { readonly directory: string; find(): Promise<string> };
  /** Ways that download into the cache. */
  readonly downloads: readonly Way[];
  /** What is said, with the way's name, where a download takes time. */
  readonly downloading: string;
  /** What to do where no way works. */
  readonly advice: string;
}

/** No way to come by a program worked; the message says which were tried and why each failed. */
export class ProgramNotFoundError extends Error {
  override readonly name = 'ProgramNotFoundError';
  readonly code = 'program_not_found';

  constructor(
    program: string,
    readonly tried: readonly { readonly way: string; readonly error: Error }[],
    advice: string,
  ) {
    const lines = tried.map(({ way, error }, index) => `  ${index + 1}. ${way}: ${error.message}`);
    super([`${program} was not found. Tried in this order:`, ...lines, advice].join('\n'), {
      cause: new AggregateError(tried.map(({ error }) => error)),
    });
  }
}

/**
 * Tries each way in turn, the cache after what is installed, and resolves with the first path found. Of several
 * processes that find nothing at once, one downloads and the others take what it has put into the cache.
 * @throws {ProgramNotFoundError} when no way works
 */
export async function findOrDownload(program: Program, log: Log): Promise<string> {
  const { installed, cache, downloads } = program;
  let lock: DownloadLock | undefined;
  const download = async (way: Way): Promise<string> => {
    lock ??= await lockDownloads(cache.directory, () =>
      log.info(`another process downloads to ${cache.directory}, waiting for it`),
    );
    return cache.find().catch(() => sayIfSlow(log, `${program.downloading}: ${way.name}`, () => way.find()));
  };
  const ways = [
    ...installed,
    { name: 'the cache', find: () => cache.find() },
    ...downloads.map((way) => ({ name: way.name, find: () => download(way) })),
  ];
  const tried: { way: string; error: Error }[] = [];
  try {
    for (const way of ways) {
      try {
        return await way.find();
      } catch (error) {
        tried.push({ way: way.name, error: error instanceof Error ? error : new Error(String(error)) });
      }
    }
  } finally {
    await lock?.release();
  }
  throw new ProgramNotFoundError(program.name, tried, program.advice);
}

const PATIENCE_MS = 2_000;

/** Awaits `work`; logs `message` once if that takes longer than two seconds. */
async function sayIfSlow<T>(log: Log, message: string, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => log.info(message), PATIENCE_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
