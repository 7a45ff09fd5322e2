import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import root from '../../package.json';
import { eventually } from '../support/eventually';
import { realTemporalConfig } from '../support/real-temporal';
import { temporaryDirectory } from '../support/temporary-directory';
import { TEST_SECRET } from '../support/test-config';

const ROOT = join(__dirname, '../..');
const MODULES = join(ROOT, 'node_modules');
const NAMES = ['jobherald', '@jobherald/client', '@jobherald/receiver'] as const;
const SMALL = ['@jobherald/client', '@jobherald/receiver'] as const;

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const bin = (name: string) => join(MODULES, '.bin', name);

describe('the published packages', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  /** A fresh project with both small packages, installed by npm from their tarballs, and nothing else. */
  let project: string;
  /** One with jobherald unpacked, and its dependencies as they are here. */
  let server: string;
  const tarballOf = (name: string) =>
    join(directory.path, `${name.replace('@', '').replace('/', '-')}-${root.version}.tgz`);
  const folderOf = (name: string) => join(name === 'jobherald' ? server : project, 'node_modules', name);
  const manifestOf = (name: string) =>
    JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as Record<string, unknown>;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    run('npm', ['run', '--silent', 'build'], ROOT);
    const pack = ['pack', '--ignore-scripts', '--pack-destination', directory.path];
    run('npm', [...pack, '.', './packages/client', './packages/receiver'], ROOT);

    project = join(directory.path, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{"private":true}');
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...SMALL.map(tarballOf)], project);

    server = join(directory.path, 'server');
    mkdirSync(join(server, 'node_modules/jobherald'), { recursive: true });
    run(
      'tar',
      ['xzf', tarballOf('jobherald'), '--strip-components=1', '-C', join(server, 'node_modules/jobherald')],
      server,
    );
    for (const each of readdirSync(MODULES).filter((name) => !name.startsWith('.')))
      symlinkSync(join(MODULES, each), join(server, 'node_modules', each));
  }, 600_000);
  afterAll(() => directory.remove());

  /** Runs a program in the project, an ES module by its name, and reads what it prints as JSON. */
  const program = (name: string, text: string, env: Record<string, string> = {}, cwd = project) => {
    writeFileSync(join(cwd, name), text);
    const child = spawn(process.execPath, [name], { cwd, env: { PATH: process.env['PATH'], ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    return once(child, 'close').then(() => {
      if (stderr !== '') throw new Error(stderr);
      return JSON.parse(stdout) as unknown;
    });
  };

  it.each(SMALL)('%s is under 100 kB, installs nothing else and is of the version of jobherald', (name) => {
    expect(statSync(tarballOf(name)).size).toBeLessThan(100_000);
    expect(readdirSync(join(project, 'node_modules')).filter((each) => !each.startsWith('.'))).toEqual(['@jobherald']);
    const { version, license, engines, dependencies } = manifestOf(name);
    expect({ version, license, engines }).toEqual({
      version: root.version,
      license: root.license,
      engines: root.engines,
    });
    expect(dependencies).toBeUndefined();
  });

  it.each(NAMES)('%s says what it is, and is published with provenance', (name) => {
    const { keywords, publishConfig } = manifestOf(name);
    expect(keywords).not.toEqual([]);
    expect(publishConfig).toEqual({ access: 'public', provenance: true });
    expect(existsSync(join(folderOf(name), 'LICENSE'))).toBe(true);
  });

  it.each(NAMES)(
    'publint and attw find nothing in %s',
    (name) => {
      expect(run(bin('publint'), [tarballOf(name), '--strict'], directory.path)).toContain('All good!');
      // Node 10 knew no `exports`, and so no jobherald/receiver.
      expect(() => run(bin('attw'), [tarballOf(name), '--profile', 'node16'], directory.path)).not.toThrow();
    },
    400_000,
  );

  it.each(NAMES)('no link in a page of %s is dead', (name) => {
    const folder = folderOf(name);
    const pages = globSync('**/*.md', { cwd: folder });
    expect(pages).toContain('README.md');
    const dead = pages.flatMap((page) => {
      const text = readFileSync(join(folder, page), 'utf8').replaceAll(/^```.*?^```/gms, '');
      const paths = [...text.matchAll(/\]\(([^)\s#]+)/g)].map(([, path = '']) => path);
      const local = paths.filter((path) => !/^[a-z]+:/.test(path));
      return local.filter((path) => !existsSync(join(folder, dirname(page), path))).map((path) => `${page}: ${path}`);
    });
    expect(dead).toEqual([]);
  });

  it('export what jobherald exports, to both kinds of modules the same instances', async () => {
    const names = (module: string) => `Object.keys(require('${module}')).sort()`;
    const text = `console.log(JSON.stringify([${names('jobherald')}, ${names('jobherald/receiver')}]))`;
    const whole = await program('exports.cjs', text, {}, server);
    const small = await program(
      'exports.mjs',
      `import { createRequire } from 'node:module';
       const require = createRequire(import.meta.url);
       const pairs = [[await import('@jobherald/client'), require('@jobherald/client')],
                      [await import('@jobherald/receiver'), require('@jobherald/receiver')]];
       const shared = ([module, common]) => Object.keys(common).filter((name) => module[name] === common[name]).sort();
       console.log(JSON.stringify(pairs.map(shared)));`,
    );
    expect(small).toEqual(whole);
  });

  const IMPORTS = {
    'use.cjs': `const { JobHerald, JobHeraldError } = require('@jobherald/client');
      const { createReceiver, memoryStore, verifyWebhook } = require('@jobherald/receiver');`,
    'use.mjs': `import { JobHerald, JobHeraldError } from '@jobherald/client';
      import { createReceiver, memoryStore, verifyWebhook } from '@jobherald/receiver';`,
  };

  it.each(Object.entries(IMPORTS))('submit a job and handle a webhook once in %s', async (name, imports) => {
    const gateway = createServer((request, response) => {
      const status = request.url === '/v1/jobs' ? 201 : 404;
      const problem = { code: 'job_not_found', title: 'Not Found', status: 404, detail: 'no such job' };
      response.writeHead(status).end(JSON.stringify(status === 201 ? { state: 'PENDING' } : problem));
    });
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    try {
      const result = await program(
        name,
        `${imports}
        (async () => {
          const herald = new JobHerald({ env: process.env });
          const submitted = await herald.submit({ provider: 'vertex-ai', job: 'j', endpoints: ['orders'] });
          const error = await herald.get('vertex-ai', 'j').catch((thrown) => thrown);
          const direct = await new JobHerald({ temporal: {} }).list().catch((thrown) => thrown);
          const headers = JSON.parse(process.env.HEADERS), body = process.env.BODY, secrets = [process.env.SECRET];
          let handled = 0;
          const receiver = createReceiver({ name: 'n', store: memoryStore(), secrets, handler: async () => { handled++; } });
          const answers = [await receiver.handle({ headers, body }), await receiver.handle({ headers, body })];
          console.log(JSON.stringify({
            submitted, code: error.code, isOurs: error instanceof JobHeraldError, direct: direct.message,
            id: verifyWebhook({ headers, body, secrets }).id, handled, statuses: answers.map(({ status }) => status),
          }));
        })();`,
        {
          JOBHERALD_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
          ...signedWebhook(),
        },
      );
      expect(result).toEqual({
        submitted: { job: { state: 'PENDING' }, created: true },
        code: 'job_not_found',
        isOurs: true,
        direct: expect.stringContaining('npm install @temporalio/client ajv yaml'),
        id: 'msg_1',
        handled: 1,
        statuses: [200, 200],
      });
    } finally {
      gateway.closeAllConnections();
      gateway.close();
    }
  });

  it('speak straight to Temporal where its client is installed, strictly as pnpm does', async () => {
    const strict = join(directory.path, 'strict');
    mkdirSync(join(strict, 'node_modules/@temporalio'), { recursive: true });
    mkdirSync(join(strict, 'node_modules/@jobherald'));
    run('cp', ['-r', folderOf('@jobherald/client'), join(strict, 'node_modules/@jobherald/client')], strict);
    for (const each of ['@temporalio/client', 'ajv', 'yaml'])
      symlinkSync(join(MODULES, each), join(strict, 'node_modules', each));
    const { address, taskQueue } = realTemporalConfig();
    const result = await program(
      'direct.cjs',
      `const { JobHerald, JobHeraldError, ConfigError } = require('@jobherald/client');
       (async () => {
         const config = {
           providers: { 'tencent-batch': {}, monai: { rabbitmq: 'amqp://127.0.0.1', track: { auto: false } } },
           endpoints: [{ name: 'orders', url: 'https://orders.example.com/' }],
         };
         await using herald = new JobHerald({ temporal: ${JSON.stringify({ address, taskQueue })}, config });
         const job = 'projects/1/locations/us-central1/customJobs/' + Date.now();
         const { created } = await herald.submit({ provider: 'vertex-ai', job, endpoints: ['orders'] });
         const { state } = await herald.get('vertex-ai', job);
         const refused = await herald.submit({ provider: 'vertex-ai', job, colour: 'red' }).catch((thrown) => thrown);
         const config_ = await new JobHerald({ config: { gateway: { port: 'x' } } }).list().catch((thrown) => thrown);
         console.log(JSON.stringify([
           created, state, refused instanceof JobHeraldError, refused.faults, config_ instanceof ConfigError, config_.message,
         ]));
       })();`,
      {},
      strict,
    );
    expect(result).toEqual([
      true,
      'PENDING',
      true,
      expect.arrayContaining([expect.objectContaining({ pointer: '/colour' })]),
      true,
      expect.stringContaining('/gateway/port'),
    ]);
  });

  it.each(['commonjs', 'module'])(
    'have types that compile by themselves in a project of type %s',
    (type) => {
      const typed = join(directory.path, `typed-${type}`);
      mkdirSync(join(typed, 'node_modules/@types'), { recursive: true });
      symlinkSync(join(project, 'node_modules/@jobherald'), join(typed, 'node_modules/@jobherald'));
      for (const each of ['@types/node', 'undici-types'])
        symlinkSync(join(MODULES, each), join(typed, 'node_modules', each));
      const options = {
        strict: true,
        skipLibCheck: false,
        module: 'node20',
        target: 'es2024',
        noEmit: true,
        types: ['node'],
      };
      const compilerOptions = { ...options, preserveSymlinks: true, exactOptionalPropertyTypes: true };
      writeFileSync(join(typed, 'package.json'), JSON.stringify({ type }));
      writeFileSync(join(typed, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
      writeFileSync(
        join(typed, 'use.ts'),
        `import { type Job, JobHerald, type StandardEvent } from '@jobherald/client';
       import { createReceiver, memoryStore, verifyWebhook } from '@jobherald/receiver';
       const herald = new JobHerald({ url: 'http://127.0.0.1:8080' });
       export const job: Promise<Job> = herald.get('vertex-ai', 'j');
       export const event = (text: string) => JSON.parse(text) as StandardEvent;
       export const receiver = createReceiver({ name: 'n', store: memoryStore(), secrets: ['s'], handler: async () => {} });
       export const id: string = verifyWebhook({ headers: {}, body: '', secrets: [] }).id;
       // @ts-expect-error a gateway has no port of its own here
       new JobHerald({ port: 8080 });`,
      );
      expect(run(bin('tsc'), ['-p', '.'], typed)).toBe('');
    },
    400_000,
  );

  it('have the examples of jobherald, which run from where they are installed', async () => {
    const examples = join(folderOf('jobherald'), 'examples');
    const env = { PATH: process.env['PATH'], PORT: '0', WEBHOOK_SECRET: TEST_SECRET };
    const receiver = spawn(process.execPath, [join(examples, 'receiver/receiver.js')], { env });
    let output = '';
    receiver.stdout.on('data', (chunk) => {
      output += chunk;
    });
    try {
      await eventually('it listens', () => /receiving at (\S+)/.exec(output)?.[1]);
    } finally {
      receiver.kill('SIGKILL');
    }
    const version = run(process.execPath, [join(folderOf('jobherald'), root.bin.jobherald), '--version'], server);
    expect(version.trim()).toBe(root.version);
  });
});

/** Signed as Standard Webhooks says, written here once more. */
function signedWebhook() {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = '{"type":"job.succeeded"}';
  const key = Buffer.from(TEST_SECRET.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return { HEADERS: JSON.stringify(headers), BODY: body, SECRET: TEST_SECRET };
}
