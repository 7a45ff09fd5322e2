/**
 * `npm run drill`: the commands of docs/runbooks/restore.md, one by one, on the stack of docker-compose.yml. Jobs are open
 * when the databases are dumped; some are notified and some submitted after that; everything is stopped, restored, and goes on.
 * The last line is one JSON object; exit code 0 where nothing was lost and nothing had a second effect.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVertexAiEmulator } from '../src/dev/emulators/vertex-ai/emulator';
import { eventually } from '../test/support/eventually';
import { builtBin } from '../test/support/jobherald';
import { startDrillReceiver } from './drill-receiver';
import { openStack } from './open-stack';
import { commandsOf, runHere } from './runbook';
import { withVariables } from './variables';

const SCOPE = 'projects/123456789012/locations/us-central1';
/** Of each kind: open until the restore, notified between dump and stop, submitted after the dump without a key and with one. */
const JOBS = 20;
const PATIENCE = { withinMs: 120_000 };

async function drill(): Promise<boolean> {
  const began = Date.now();
  const directory = mkdtempSync(join(tmpdir(), 'jobherald-drill-'));
  const env = withVariables(process.env, directory);
  const receiver = await startDrillReceiver(env['ORDERS_WEBHOOK_SECRET'] ?? '');
  const vertexAi = await startVertexAiEmulator();
  builtBin();
  const provider = { api_endpoint: vertexAi.address, insecure: true, sweep: { every: '2s' } };
  const stack = await openStack({
    directory,
    env: { ...env, ORDERS_URL: receiver.url },
    freePorts: true,
    configure: (config) => ({
      ...config,
      network: { allow: ['127.0.0.1/32'] },
      providers: { 'vertex-ai': { ...provider, track: { endpoints: ['orders'] } } },
    }),
    say,
  });

  const gateway = `http://127.0.0.1:${stack.port(8080)}/v1/jobs`;
  const headers = { authorization: `Bearer ${env['JOBHERALD_TOKEN']}`, 'content-type': 'application/json' };
  const submit = async (job: string, hasKey = false) => {
    const key = hasKey ? { idempotency_key: `order-${job.slice(-6)}` } : {};
    const body = JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'], ...key });
    const { status } = await fetch(gateway, { method: 'POST', headers, body });
    if (status !== 201) throw new Error(`${job} was answered ${status}`);
  };
  const statusOf = async (job: string) =>
    (await fetch(`${gateway}/vertex-ai/${encodeURIComponent(job)}`, { headers })).status;
  const begin = (kind: number) =>
    Array.from({ length: JOBS }, (_, i) => {
      const name = `${SCOPE}/batchPredictionJobs/${kind}${String(i).padStart(6, '0')}`;
      vertexAi.putJob({ name, state: 'JOB_STATE_RUNNING', startTime: new Date().toISOString() });
      return name;
    });
  const end = (jobs: readonly string[]) => {
    for (const job of jobs) vertexAi.setState(job, { state: 'JOB_STATE_SUCCEEDED', endTime: new Date().toISOString() });
  };
  const notified = (jobs: readonly string[], times: number) =>
    eventually(
      `${jobs.length} jobs are notified`,
      () => jobs.every((job) => receiver.attempts(job) >= times),
      PATIENCE,
    );
  const follow = async (command: string) => {
    say(`$ ${command}`);
    const { code, said } = await runHere(stack, command, directory);
    const isAudit = command.startsWith('jobherald audit');
    if (isAudit) say(said.trim());
    // An audit that finds something ends with 1.
    if (code !== (isAudit ? 1 : 0)) throw new Error(`${command} ended with ${code}: ${said}`);
  };

  let isRight = false;
  try {
    await stack.up();
    const [open, ending, late, owned] = [begin(1), begin(2), begin(3), begin(4)];
    await Promise.all([...open, ...ending].map((job) => submit(job)));
    say(`${open.length + ending.length} jobs are open`);
    for (const command of commandsOf('restore.md', 'Back up')) await follow(command);
    end(ending);
    await notified(ending, 1);
    await Promise.all(late.map((job) => submit(job)));
    await Promise.all(owned.map((job) => submit(job, true)));
    const half = (jobs: readonly string[]) => jobs.slice(0, JOBS / 2);
    const notifiedLate = [...half(late), ...half(owned)];
    const endedWhileAway = [...late, ...owned].filter((job) => !notifiedLate.includes(job));
    end(notifiedLate);
    await notified(notifiedLate, 1);
    say(`${ending.length} jobs were notified and ${late.length + owned.length} submitted after the dump`);

    const attemptsBefore = receiver.total();
    let forgotten = 0;
    const [stop = '', ...others] = commandsOf('restore.md', 'Restore');
    await follow(stop);
    end(endedWhileAway);
    for (const command of others) {
      await follow(command);
      if (!command.startsWith('docker compose up')) continue;
      end(open);
      await notified(open, 1);
      await notified(ending, 2);
      for (const job of [...late, ...owned]) if ((await statusOf(job)) === 404) forgotten++;
      say('their owners submit again what had a key of their own');
      await Promise.all(owned.map((job) => submit(job, true)));
    }
    await notified(notifiedLate, 2);
    await notified(endedWhileAway, 1);

    const all = [...open, ...ending, ...late, ...owned];
    const result = {
      open_at_dump: open.length + ending.length,
      notified_between_dump_and_stop: ending.length + notifiedLate.length,
      submitted_after_dump: late.length + owned.length,
      forgotten_by_the_restore: forgotten,
      lost: all.filter((job) => receiver.attempts(job) === 0).length,
      notified_again_with_the_same_id: [...ending, ...notifiedLate].filter(
        (job) => receiver.attempts(job) > 1 && receiver.ids(job) === 1,
      ).length,
      notified_with_two_ids: all.filter((job) => receiver.ids(job) > 1).length,
      attempts_before_and_after: [attemptsBefore, receiver.total() - attemptsBefore],
      effects: receiver.effects(),
      seconds: Math.round((Date.now() - began) / 1_000),
    };
    isRight =
      result.lost === 0 &&
      result.notified_with_two_ids === 0 &&
      result.effects === all.length &&
      forgotten === late.length + owned.length;
    process.stdout.write(`${JSON.stringify({ ...result, ok: isRight })}\n`);
    return isRight;
  } finally {
    await stack.stop();
    await receiver.close();
    await vertexAi.close();
    if (isRight) rmSync(directory, { recursive: true, force: true });
    else say(`logs are in ${directory}`);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

drill().then(
  (isRight) => process.exit(isRight ? 0 : 1),
  (error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
