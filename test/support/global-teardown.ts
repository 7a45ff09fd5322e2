import { rm } from 'node:fs/promises';

/** Ends what global-setup.ts started. */
module.exports = async function globalTeardown(): Promise<void> {
  await globalThis.jobheraldTestServer?.stop();
  await rm(process.env['JOBHERALD_TEST_BUNDLE'] ?? '', { force: true });
};
