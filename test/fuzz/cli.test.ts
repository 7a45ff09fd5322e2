import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import fc from 'fast-check';
import { createProgram } from '../../src/cli/program';
import { closeGateways, JOB, type RunningGateway, SUBMISSION, startGateway } from '../gateway/harness';
import { signedWebhook } from '../receiver/signed-webhook';
import { freePort } from '../support/free-port';
import { runCommand } from '../support/run-command';
import { TEST_SECRET } from '../support/test-config';
import { holds } from './holds';
import { hostileText } from './hostile';

/** Wait on purpose, for a job or for ever. */
const WAITS = ['--watch', '--keep'];

let gateway: RunningGateway;
let closed: string;
let cwd: string;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.post('/v1/jobs', SUBMISSION);
  closed = `http://127.0.0.1:${await freePort()}`;
  cwd = mkdtempSync(join(tmpdir(), 'jobherald-fuzz-'));
  // Commands that would serve until they are stopped end with it, and none speaks to a Temporal that happens to run.
  writeFileSync(join(cwd, 'jobherald.yaml'), 'gateway: { host: 0.0.0.0 }\nendpoints: [{}]');
  writeFileSync(join(cwd, 'submission.json'), JSON.stringify(SUBMISSION));
  writeFileSync(join(cwd, 'broken.json'), '{"provider":');
});
afterAll(async () => {
  rmSync(cwd, { recursive: true });
  await closeGateways();
});

const unused = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: {}, cwd: '/' };
const program = createProgram(unused);

const signed = signedWebhook('wh_1', '{}').headers;

/** What some option or argument takes. */
const goodValues = fc.constantFrom(
  ...['vertex-ai', JOB, 'orders', 'other', 'job.failed', 'standard', 'exhausted', 'k=v', '=', 'k=', '5s', '10m', '-1s'],
  ...['1', '0', '50', '1e9', '2026-01-01T00:00:00Z', '2026-13-01', 'submission.json', 'broken.json', '-', '.', 'x'],
  ...['https://8.8.8.8/', 'ftp://x', 'http://u:p@127.0.0.1:1', 'not a url', 'http://', TEST_SECRET, 'whsec_x', 'whsk_'],
  ...['jobherald.yaml', 'no-such.yaml', ...Object.values(signed), 'webhook-id: wh_1', 'JobState="FAILED"'],
);

/** Nothing that would be looked up in the DNS. */
const noise = hostileText.filter((text) => !/^\s*https?:/i.test(text) && !WAITS.includes(text));

const words = fc.oneof({ arbitrary: goodValues, weight: 3 }, { arbitrary: noise, weight: 1 });

function wordsFor(command: Command): fc.Arbitrary<readonly string[]> {
  const flags = command.options.flatMap(({ long, short }) => [long, short]).filter((flag) => flag !== undefined);
  const known = fc.constantFrom(...flags.filter((flag) => !WAITS.includes(flag)), '--help', '--', '--no-such', '-x');
  const part = fc.oneof(
    fc.tuple(known, words),
    fc.tuple(known, words).map(([flag, word]) => [`${flag}=${word}`]),
    fc.tuple(known),
    fc.tuple(words),
  );
  return fc.array(part, { maxLength: 6 }).map((parts) => [
    command.name(),
    ...parts.flat(),
    // It takes no configuration that could be wrong.
    ...(command.name() === 'demo' ? ['--no-such'] : []),
  ]);
}

const commandLines = fc.oneof(
  { arbitrary: fc.constantFrom(...program.commands).chain(wordsFor), weight: 8 },
  { arbitrary: fc.array(words, { maxLength: 4 }).filter(([name]) => name !== 'demo'), weight: 1 },
);

const stdins = fc.oneof(
  fc.constantFrom('', '{}', JSON.stringify(SUBMISSION)),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
);
const environments = fc.record(
  {
    JOBHERALD_URL: fc.oneof(fc.constantFrom('right', 'closed', '', 'nonsense', 'ftp://x'), noise),
    JOBHERALD_TOKEN: noise,
    JOBHERALD_CONFIG: noise,
    JOBHERALD_LOG_LEVEL: fc.constantFrom('info', 'loud'),
  },
  { requiredKeys: ['JOBHERALD_URL'] },
);

const STACK = /^ +at .+[(:]\S+:\d+:\d+\)?$/m;

describe('the command line', () => {
  const runs = fc.tuple(commandLines, stdins, environments);
  holds('ends with 0, 1 or 2 whatever it says, and explains itself', runs, async ([args, stdin, environment]) => {
    const url = { right: gateway.origin, closed }[environment.JOBHERALD_URL] ?? environment.JOBHERALD_URL;
    const { code, stdout, stderr } = await runCommand(args, {
      stdin,
      cwd,
      env: { ...environment, JOBHERALD_URL: url },
    });
    expect([0, 1, 2]).toContain(code);
    if (code !== 0) expect(stdout + stderr).toMatch(/\S/);
    if (code === 2) expect(stderr).toMatch(/\S/);
    expect(stdout + stderr).not.toMatch(STACK);
  });
});
