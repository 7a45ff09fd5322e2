import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createProgram } from '../../src/cli/run-cli';
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

/** Command lines that work, or would with a configuration that does. */
const RIGHT: readonly (readonly string[])[] = [
  ['submit', 'vertex-ai', JOB, '--endpoint', 'orders', '--label', 'team=a', '--metadata', 'a=b', '--json'],
  [
    'submit',
    'vertex-ai',
    JOB,
    '--endpoint-url',
    'https://8.8.8.8/',
    '--secret',
    'orders',
    '--heartbeat-deadline',
    '5m',
  ],
  ['submit', '--file', 'submission.json'],
  ['submit', '--file', '-'],
  ['status', 'vertex-ai', JOB, '--json'],
  ['list', '--query', 'JobState="FAILED"', '--limit', '5', '--cursor', 'x'],
  ['complete', 'vertex-ai', JOB, '--state', 'COMPLETED', '--message', 'm', '--idempotency-key', 'k'],
  ['heartbeat', 'vertex-ai', JOB, '--deadline', '5m', '--description', 'd'],
  ['cancel', 'vertex-ai', JOB],
  ['redeliver', 'vertex-ai', JOB, '--endpoint', 'orders', '--event', 'job.failed'],
  [
    'redeliver-all',
    '--since',
    '2026-01-01T00:00:00Z',
    '--until',
    '2026-01-02T00:00:00Z',
    '--max-rate',
    '5',
    '--dry-run',
  ],
  ['redeliver-all', '5f0c8a52-94c4-5d7f-9b2e-3a2f3c1d0e11'],
  [
    'verify',
    '--secret',
    TEST_SECRET,
    ...Object.entries(signed).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
  ],
  ['test-receiver', 'http://127.0.0.1:1/', '--secret', TEST_SECRET, '--timeout', '200ms', '--json'],
  ...['setup', 'check', 'dev', 'worker', 'gateway'].map((name) => [name, '--config', 'jobherald.yaml']),
  ['demo', '--no-such'],
  ['help', 'submit'],
  ['--version'],
];

const FLAGS = [
  ...new Set(program.commands.flatMap(({ options }) => options.flatMap(({ long, short }) => [long, short]))),
]
  .filter((flag) => flag !== undefined)
  .filter((flag) => !WAITS.includes(flag));

type Edit = (line: readonly string[], at: number) => readonly string[];

const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.constant<Edit>((line, at) => line.toSpliced(at, 1)),
  words.map(
    (word): Edit =>
      (line, at) =>
        line.toSpliced(at, 1, word),
  ),
  words.map(
    (word): Edit =>
      (line, at) =>
        line.toSpliced(at, 0, word),
  ),
  noise.map(
    (text): Edit =>
      (line, at) =>
        line.toSpliced(at, 1, line[at] + text),
  ),
  fc.constantFrom(...FLAGS, '--help', '--', '--no-such', '-x').map(
    (flag): Edit =>
      (line, at) =>
        line.toSpliced(at, 0, flag),
  ),
  fc.tuple(fc.constantFrom(...FLAGS), words).map(
    ([flag, word]): Edit =>
      (line) => [...line, flag, word],
  ),
  fc.tuple(fc.constantFrom(...FLAGS), words).map(
    ([flag, word]): Edit =>
      (line) => [...line, `${flag}=${word}`],
  ),
);

const edited = fc
  .tuple(fc.constantFrom(...RIGHT), fc.array(fc.tuple(fc.nat(), edits), { maxLength: 3 }))
  .map(([line, steps]) => steps.reduce((before, [at, edit]) => edit(before, at % (before.length + 1)), line))
  // Without its own fault it would run, and it asks for no configuration that could have one.
  .map((line) => (line.includes('demo') ? [...line, '--no-such'] : line));

const commandLines = fc.oneof(
  { arbitrary: edited, weight: 8 },
  { arbitrary: fc.array(words, { maxLength: 4 }), weight: 1 },
);

const stdins = fc.oneof(
  fc.constantFrom('', '{}', JSON.stringify(SUBMISSION)),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
);
const mostly = (right: string, others: fc.Arbitrary<string>) =>
  fc.oneof({ arbitrary: fc.constant(right), weight: 4 }, { arbitrary: others, weight: 1 });
const environments = fc.record({
  JOBHERALD_URL: mostly('right', fc.oneof(fc.constantFrom('closed', '', 'nonsense', 'ftp://x'), noise)),
  JOBHERALD_TOKEN: mostly('', noise),
  JOBHERALD_CONFIG: mostly('', noise),
  JOBHERALD_LOG_LEVEL: mostly('info', fc.constant('loud')),
});

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
    // What a receiver failed at is the result of `test-receiver`, and stands where results do.
    if (code !== 0) expect(args.includes('test-receiver') ? stdout + stderr : stderr).toMatch(/\S/);
    expect(stdout + stderr).not.toMatch(STACK);
  });
});
