import { rm } from 'node:fs/promises';

/** Ends what global-setup.ts started. */
module.exports = async function globalTeardown(): Promise<void> {
  await Promise.all([globalThis.jobheraldTestServer?.stop(), globalThis.jobheraldTestServices?.stop()]);
  await rm(process.env['JOBHERALD_TEST_BUNDLE'] ?? '', { force: true });
};
