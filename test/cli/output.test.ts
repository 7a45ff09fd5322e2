import { endBins, startBin } from '../support/jobherald';

afterAll(endBins);

test('a command whose output nobody reads any more ends without a word', async () => {
  const bin = startBin(['--help'], { cwd: process.cwd() });
  bin.child.stdout?.destroy();
  expect(await bin.finished).toMatchObject({ code: 1, stderr: '' });
});
