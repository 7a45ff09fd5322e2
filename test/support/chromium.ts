import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/**
 * A real Chromium without a window, with a profile of its own: `CHROMIUM_PATH`, else the first on PATH.
 * @throws an error that says how to install one
 */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(process.env),
    headless: true,
    args: [
      '--no-sandbox', // Chromium refuses its sandbox to root, as which tests run in a container
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      // It is to speak to nobody but the page.
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

async function findChromium(env: NodeJS.ProcessEnv): Promise<string> {
  const named = env['CHROMIUM_PATH'];
  if (named) return named;
  for (const name of NAMES) {
    for (const directory of (env['PATH'] ?? '').split(delimiter)) {
      const file = join(directory, name);
      if (await isExecutable(file)) return file;
    }
  }
  throw new Error(
    `no Chromium on PATH (${NAMES.join(', ')}): install one (Debian and Ubuntu: apt-get install chromium; ` +
      'macOS: brew install --cask chromium), or name its executable in CHROMIUM_PATH',
  );
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
