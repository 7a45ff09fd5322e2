import { writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { endBins, type RunningBin, startBin } from '../support/jobherald';
import { temporaryDirectory } from '../support/temporary-directory';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  folder = await temporaryDirectory();
  const port = await freePort();
  writeConfig(folder.path, { temporal: { address: `127.0.0.1:${await freePort()}` }, gateway: { port } });
});
afterEach(async () => {
  endBins();
  await folder.remove();
});

const warn = (name: string, message: string) =>
  `process.emitWarning(${JSON.stringify(message)}, ${JSON.stringify(name)})`;
/** What libraries warn of while the program runs. Google's finds no credentials, also where nobody needs them. */
const WARNINGS = `
  const [ofNode] = process.listeners('warning');
  setInterval(() => {
    if (process.listeners('warning').includes(ofNode)) return; // it is about to start
    ${warn('MetadataLookupWarning', 'no credentials')};
    ${warn('OtherWarning', 'mind the gap')};
  }, 50)`;

const startWarned = (...args: readonly string[]): RunningBin =>
  startBin(args, {
    cwd: folder.path,
    env: { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(WARNINGS)}"` },
  });

test.each([
  ['a process', ['gateway']],
  ['a command', ['setup', '--wait', '1h']],
])('%s passes on what libraries warn of, but for credentials that nobody needs', async (_, args) => {
  const bin = startWarned(...args);
  await eventually('it is warned', () => bin.stderr().includes('mind the gap'));
  expect(bin.stderr()).not.toMatch(/MetadataLookupWarning|no credentials/);
});
