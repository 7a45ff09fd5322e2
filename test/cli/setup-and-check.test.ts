import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { endBins, runBin } from '../support/jobherald';
import { realTemporalConfig } from '../support/real-temporal';
import { runCommand } from '../support/run-command';
import { temporaryDirectory } from '../support/temporary-directory';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let vertexAi: VertexAiEmulator;

beforeAll(async () => {
  vertexAi = await startVertexAiEmulator();
});
beforeEach(async () => {
  folder = await temporaryDirectory();
});
afterEach(async () => {
  endBins();
  await folder.remove();
});
afterAll(() => vertexAi.close());

const run = (...args: readonly string[]) => runCommand(args, { cwd: folder.path });
/** As a process of its own, whose exit code is what a shell sees. */
const runAlone = (...args: readonly string[]) => runBin(args, { cwd: folder.path });
const configure = (address: string, namespace: string, apiEndpoint = vertexAi.address) =>
  writeConfig(folder.path, {
    temporal: { address, namespace },
    providers: { 'vertex-ai': { api_endpoint: apiEndpoint, insecure: true, projects: { demo: '123' } } },
  });

describe('jobherald setup', () => {
  it('makes the namespace, and the second time finds nothing to do', async () => {
    const namespace = `setup-${Date.now()}`;
    configure(realTemporalConfig().address, namespace);

    expect(await runAlone('setup')).toEqual({
      code: 0,
      stdout: expect.stringContaining(`namespace ${namespace}: created\n`),
      stderr: '',
    });
    expect(await run('setup')).toEqual({
      code: 0,
      stdout: `namespace ${namespace} is set up; there was nothing to do\n`,
      stderr: '',
    });
  });

  it('changes the retention of a namespace that exists only with --update-retention', async () => {
    const namespace = `setup-${Date.now()}-retention`;
    const { address } = realTemporalConfig();
    writeConfig(folder.path, { temporal: { address, namespace, retention: '3d' } });
    await run('setup');
    writeConfig(folder.path, { temporal: { address, namespace, retention: '30d' } });

    expect(await run('setup')).toEqual({
      code: 0,
      stdout:
        `namespace ${namespace} keeps its retention of 3d; --update-retention makes it 30d\n` +
        `namespace ${namespace} is set up; there was nothing to do\n`,
      stderr: '',
    });
    expect(await run('setup', '--update-retention')).toEqual({
      code: 0,
      stdout: `namespace ${namespace}: updated\nnamespace ${namespace} is set up\n`,
      stderr: '',
    });
  });

  it('gives up on a Temporal that does not answer, with the cause and exit code 1', async () => {
    configure(`127.0.0.1:${await freePort()}`, 'default');

    const { code, stderr } = await runAlone('setup', '--wait', '1s');

    expect(code).toBe(1);
    expect(stderr).toMatch(/^jobherald: cannot reach Temporal at 127.0.0.1:\d+: .*ECONNREFUSED.*\n$/);
  });
});

describe('jobherald check', () => {
  it('says ok of everything that is fine', async () => {
    configure(realTemporalConfig().address, 'default');

    // Each system has a few seconds to answer, which a busy machine may exceed.
    const stdout = await eventually('all is well', async () => {
      const { code, stdout, stderr } = await run('check');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    });
    expect(stdout.split('\n')).toEqual([
      'ok configuration: jobherald.yaml',
      expect.stringMatching(/^ok temporal: reached .*default is set up$/),
      expect.stringMatching(/^ok vertex-ai: reached /),
      '',
    ]);
  });

  it('says what is missing in Temporal, one line for each fault, and goes on to the next system', async () => {
    configure(realTemporalConfig().address, 'nobody-made-this', `127.0.0.1:${await freePort()}`);

    const { code, stdout, stderr } = await run('check');

    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok configuration: jobherald.yaml\n/);
    expect(stdout).not.toMatch(/^ok (temporal|vertex-ai):/m);
    expect(stderr.split('\n')).toEqual([
      'temporal: namespace nobody-made-this does not exist; run "jobherald setup"',
      expect.stringMatching(/^vertex-ai: /),
      '',
    ]);
  });

  it('says that Temporal cannot be reached, and why', async () => {
    configure(`127.0.0.1:${await freePort()}`, 'default');

    expect(await run('check')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^temporal: cannot reach Temporal at 127.0.0.1:\d+: .*ECONNREFUSED/),
    });
  });
});

describe('jobherald check, of a Temporal with TLS', () => {
  /** A certificate of an authority that only `ca.pem` names. */
  async function temporalWithTls() {
    const at = (name: string) => join(folder.path, name);
    const openssl = (...args: readonly string[]) =>
      execFileSync('openssl', args, { cwd: folder.path, stdio: 'ignore' });
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca');
    const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'request.pem', ...name);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-copy_extensions', 'copy', '-out', 'cert.pem'];
    openssl('x509', '-req', '-in', 'request.pem', ...signed);
    const temporal = new URL(`tcp://${realTemporalConfig().address}`);
    const options = { key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')), ALPNProtocols: ['h2'] };
    const server = createServer(options, (socket) => {
      const plain = connect(Number(temporal.port), temporal.hostname);
      socket.on('error', () => plain.destroy());
      plain.on('error', () => socket.destroy());
      socket.pipe(plain).pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { address: `localhost:${port}`, ca: at('ca.pem'), stop: () => server.close() };
  }

  it('connects as a worker does too, and says what is missing where it has no certificates of authorities', async () => {
    const { address, ca, stop } = await temporalWithTls();
    writeConfig(folder.path, {
      temporal: { address, tls: true },
      providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true } },
    });
    // Node's client is given the authority in either case, as it brings the public ones along.
    const check = (SSL_CERT_FILE: string) =>
      runBin(['check'], {
        cwd: folder.path,
        env: { GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: ca, SSL_CERT_FILE, SSL_CERT_DIR: '/nowhere' },
      });

    try {
      expect(await check(ca)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok temporal: reached /m) });
      expect(await check('/nowhere')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /^temporal: a worker cannot reach Temporal at .*NativeCertsNotFound.*; install the package ca-certificates/m,
        ),
      });
    } finally {
      stop();
    }
  });
});

describe('jobherald check, of Vertex AI', () => {
  const services = {
    http: { mine: { url: 'http://127.0.0.1:9/{job}', state: { pointer: '/state', map: { done: 'COMPLETED' } } } },
  };

  it('asks it where the configuration names no other system', async () => {
    writeConfig(folder.path, { temporal: { address: realTemporalConfig().address }, providers: { 'vertex-ai': {} } });
    const { stdout, stderr } = await run('check');
    expect(stdout + stderr).toContain('vertex-ai: ');
  });

  it('says nothing of it where the configuration is for another system only', async () => {
    writeConfig(folder.path, { temporal: { address: realTemporalConfig().address }, providers: services });
    const { stdout, stderr } = await run('check');
    expect(stdout + stderr).not.toContain('vertex-ai');
    expect(stdout + stderr).toContain('mine: ');
  });
});

describe('jobherald check, of endpoints', () => {
  it('reaches each Kafka cluster, and sends nothing to a webhook', async () => {
    const kafka = { name: 'topic', type: 'kafka', brokers: [`127.0.0.1:${await freePort()}`], topic: 'jobs.status' };
    const webhook = { name: 'orders', url: `https://127.0.0.1:${await freePort()}/`, secret: 'orders' };
    writeConfig(folder.path, {
      temporal: { address: realTemporalConfig().address },
      endpoints: [webhook, kafka],
      providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true } },
    });

    expect(await run('check')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^endpoint topic: Kafka at 127.0.0.1:\d+ cannot be asked: .*ECONNREFUSED.*\n$/),
    });
  });
});

describe('a bad configuration', () => {
  const BAD = 'gateway: { host: 0.0.0.0 }\nendpoints: [{ name: orders, url: "ftp://x", secret: nobody }]\n';

  it.each(['dev', 'worker', 'gateway', 'setup', 'check'])(
    'keeps %s from starting: each fault is a line with its path, and the exit code is 2',
    async (command) => {
      writeFileSync(join(folder.path, 'jobherald.yaml'), BAD);

      const { code, stdout, stderr } = await run(command);

      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      const pointers = stderr
        .trim()
        .split('\n')
        .map((line) => line.split(': ')[0]);
      expect(pointers).toEqual(['/endpoints/0/secret', '/endpoints/0/url', '/gateway/tokens']);
    },
  );

  it('may be one that was named and is not there', async () => {
    const { code, stderr } = await runAlone('worker', '--config', 'missing.yaml');

    expect(code).toBe(2);
    expect(stderr).toMatch(/^\/: cannot read the configuration file .*missing\.yaml/);
  });
});

describe('the command line', () => {
  it('refuses an unknown command and an unknown option with exit code 2', async () => {
    expect(await run('wroker')).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean worker?') });
    expect(await run('worker', '--prot', '1')).toMatchObject({ code: 2 });
  });

  it('shows every command with --help', async () => {
    const { code, stdout } = await run('--help');

    expect(code).toBe(0);
    for (const command of ['dev', 'worker', 'gateway', 'demo', 'setup', 'check', 'submit', 'verify']) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  });
});
