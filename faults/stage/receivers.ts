import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port';
import type { Endpoint } from '../checker/ledger';
import { planClock } from '../plan/behaviour';
import type { ReceiverOrders, TakenNote } from '../receivers/receiver-process';
import { RETRY, TIMEOUT } from './config-file';
import { type Child, startChild } from './part';

/** A receiver of webhooks, and what the configuration says of it. */
export interface Receiver extends Endpoint {
  readonly config: object;
  readonly child: Child;
}

export interface ReceiversOptions {
  readonly directory: string;
  readonly seed: string;
  readonly phaseMs: number;
  /** Of the attempts, how many are misbehaved with. */
  readonly misbehaves: number;
  /** Whether clocks are off. */
  readonly wrongClocks: boolean;
  /** Behind Node.js: what is loaded first. */
  readonly nodeArgs: readonly string[];
  readonly onTaken: (note: TakenNote) => void;
}

const PROGRAM = join(__dirname, '../receivers/receiver-process.ts');
/** One that only writes down what comes, and one that is made with `jobherald/receiver`. */
const RECEIVERS = [
  { name: 'orders', deduplicates: false },
  { name: 'books', deduplicates: true },
] as const;

/** Every webhook endpoint of a run. All are subscribed to the start and the end of a job. */
export function startReceivers(options: ReceiversOptions): Promise<readonly Receiver[]> {
  return Promise.all(RECEIVERS.map(({ name, deduplicates }) => startReceiver(name, deduplicates, options)));
}

async function startReceiver(name: string, deduplicates: boolean, options: ReceiversOptions): Promise<Receiver> {
  const { directory, seed, phaseMs, misbehaves, wrongClocks, nodeArgs, onTaken } = options;
  const port = await freePort();
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const effects = deduplicates ? `effects-${name}.sqlite` : null;
  const orders: ReceiverOrders = {
    endpoint: name,
    format: 'standard',
    port,
    seed,
    misbehaves,
    ledger: join(directory, `received-${name}.jsonl`),
    effects: effects === null ? null : join(directory, effects),
    secret,
    clock: wrongClocks && deduplicates ? planClock(seed, name, phaseMs) : [],
  };
  const file = join(directory, `receiver-${name}.json`);
  writeFileSync(file, JSON.stringify(orders), { mode: 0o600 });
  const args = [...nodeArgs, PROGRAM, file];
  const child = await startChild({ args, cwd: directory, log: join(directory, `receiver-${name}.log`), ipc: true });
  await Promise.race([
    once(child.process, 'message'),
    child.ended.then((how) => {
      throw new Error(`receiver ${name} ended with ${how}; see ${directory}`);
    }),
  ]);
  child.process.on('message', (note) => onTaken(note as TakenNote));
  const config = {
    name,
    type: 'webhook',
    url: `http://127.0.0.1:${port}/hooks/${name}`,
    secret: name,
    events: ['job.running', 'job.succeeded', 'job.failed', 'job.canceled', 'job.partially_failed'],
    timeout: TIMEOUT,
    retry: RETRY,
  };
  return { name, channel: 'webhook', format: 'standard', secret, effects, config, child };
}
