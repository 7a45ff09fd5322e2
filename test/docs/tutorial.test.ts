import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { freePort, freePortWithNeighbour } from '../support/free-port';
import { endBins, runBin, startBin } from '../support/jobherald';
import { answersWith } from '../support/probe';
import { temporaryDirectory } from '../support/temporary-directory';
import { TEST_SECRET } from '../support/test-config';

const PAGE = readFileSync(join(__dirname, '../../docs/tutorial.md'), 'utf8');
const HOOK = join(__dirname, '../../scripts/typescript-hook.js');

/** The block that follows "ave … as `file`:". */
function fileOf(name: string): string {
  const [, text] = new RegExp(`ave [^\`]*as \`${name}\`:\n\n\`\`\`\\w+\n([\\s\\S]*?)\`\`\``).exec(PAGE) ?? [];
  if (text === undefined) throw new Error(`docs/tutorial.md has no ${name}`);
  return text;
}

/** The commands of a section that speak to jobherald, without `npx jobherald`. */
function commandsOf(section: string): readonly string[] {
  const [, text = ''] = PAGE.split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  return [...own.matchAll(/^npx jobherald (.+)$/gm)].map(([, line = '']) => line);
}

describe('docs/tutorial.md', () => {
  const children: ChildProcess[] = [];
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let received = '';
  let env: Record<string, string>;
  let jobsUrl: string;

  const startScript = (file: string): ChildProcess => {
    const child = spawn(process.execPath, ['--require', HOOK, file], {
      cwd: folder.path,
      env: { ...process.env, ...env },
    });
    child.stdout?.on('data', (text) => (received += text));
    child.stderr?.on('data', (text) => (received += text));
    children.push(child);
    return child;
  };
  const stopScript = async (child: ChildProcess) => {
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await closed;
  };
  const jobherald = async (line: string): Promise<string> => {
    const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    const { code, stdout, stderr } = await runBin(args, { cwd: folder.path, env });
    if (code !== 0) throw new Error(`jobherald ${line} ended with ${code}: ${stderr}`);
    return stdout + stderr;
  };
  const endJob = (job: string) => fetch(`${jobsUrl}/jobs/${job}`, { method: 'POST' });
  const linesOf = (job: string) => received.split('\n').filter((line) => line.startsWith(`job.succeeded ${job} `));

  beforeAll(async () => {
    folder = await temporaryDirectory();
    const [receiverPort, jobsPort, gatewayPort] = [await freePort(), await freePort(), await freePort()];
    const temporalPort = await freePortWithNeighbour(1_000);
    const withPorts = (text: string) =>
      text.replaceAll('9000', String(receiverPort)).replaceAll('9001', String(jobsPort));
    jobsUrl = `http://127.0.0.1:${jobsPort}`;
    env = { ORDERS_WEBHOOK_SECRET: TEST_SECRET, JOBHERALD_URL: `http://127.0.0.1:${gatewayPort}` };
    for (const name of ['jobs.js', 'receiver.js']) writeFileSync(join(folder.path, name), withPorts(fileOf(name)));
    const ports = [
      `temporal: { address: "127.0.0.1:${temporalPort}" }`,
      `worker: { port: ${await freePort()} }`,
      `gateway: { port: ${gatewayPort} }`,
    ];
    // A window of 3 s in place of 45 s, so that nobody waits for it.
    const config = withPorts(fileOf('jobherald.yaml')).replace('max: 10s, for: 45s', 'max: 2s, for: 3s');
    writeFileSync(join(folder.path, 'jobherald.yaml'), [...ports, config].join('\n'));
    startScript('jobs.js');
    startBin(['dev'], { cwd: folder.path, env });
    await answersWith(200, `http://127.0.0.1:${gatewayPort}/readyz`);
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    endBins();
    await folder.remove();
  });

  it('leads from a job that ends to an exhausted delivery that is repaired', async () => {
    const checks = await jobherald('check');
    const shown = /```\n(ok configuration[\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
    expect(checks.replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')).toBe(shown.replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS'));

    let receiver = startScript('receiver.js');
    const [submit7 = '', status7 = ''] = commandsOf('5. Submit a job, and let it end');
    await jobherald(submit7);
    await endJob('7');
    await eventually('the receiver prints the event', () => linesOf('7').length === 1);
    expect(await eventually('it is done', async () => /phase +done.*/.exec(await jobherald(status7))?.[0])).toMatch(
      'completed by poll',
    );

    await stopScript(receiver);
    const [submit9 = '', complete9 = '', watch9 = '', list = '', redeliver9 = ''] = commandsOf(
      '7. Repair an exhausted delivery',
    );
    await jobherald(submit9);
    await endJob('9');
    await jobherald(complete9);
    const watched = await jobherald(watch9);
    expect(watched).toMatch(/COMPLETED · done · orders job\.succeeded exhausted/);
    expect(watched).toMatch(/connect ECONNREFUSED/);
    await eventually('it is listed', async () => /exhausted .* reports 9/.test(await jobherald(list)));

    receiver = startScript('receiver.js');
    await jobherald(redeliver9);
    await eventually('the receiver prints the event', () => linesOf('9').length === 1);
    await jobherald(redeliver9);
    await stopScript(receiver);
    expect(linesOf('9')).toHaveLength(1);
  });

  it('shows commands that there are', async () => {
    const used = new Set([...PAGE.matchAll(/npx jobherald (\w+)/g)].map(([, name]) => name));
    const { stdout } = await runBin(['--help'], { cwd: folder.path });
    expect([...used].filter((name) => !new RegExp(`^  ${name} `, 'm').test(stdout))).toEqual([]);
  });
});
