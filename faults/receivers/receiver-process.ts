/**
 * One receiver, in a process of its own because its clock is its own. It writes down every attempt as it came, takes or
 * refuses it as planned, and reports to its parent what it has taken.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readEvent } from '../checker/read-event';
import type { PlannedClock } from '../plan/behaviour';
import { behaviourOf, TAKES } from '../plan/behaviour';
import { answer } from './answer';
import { openReceivedLedger, takeAll, takeOnce } from './taker';
import { setClockWrong } from './wrong-clock';

/** What its parent wrote for it; the file's name is its argument. */
export interface ReceiverOrders {
  readonly endpoint: string;
  readonly format: string;
  readonly port: number;
  readonly seed: string;
  /** Of the attempts, how many are misbehaved with. */
  readonly misbehaves: number;
  /** File of the ledger. */
  readonly ledger: string;
  /** SQLite file of a receiver that deduplicates. */
  readonly effects: string | null;
  /** `whsec_…` */
  readonly secret: string;
  readonly clock: readonly PlannedClock[];
}

/** What it reports to its parent, once for each attempt that it took. */
export interface TakenNote {
  readonly endpoint: string;
  readonly provider: string;
  readonly job: string;
  readonly type: string;
}

async function main(): Promise<void> {
  const orders = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ReceiverOrders;
  const { endpoint, format, port, seed, misbehaves, secret } = orders;
  let startedAt: number | undefined;
  process.on('message', (message) => {
    startedAt = Number(message);
  });
  const realNow = setClockWrong(orders.clock, () => startedAt);
  const ledger = openReceivedLedger(orders.ledger, endpoint, realNow);
  const take = orders.effects === null ? takeAll : await takeOnce(orders.effects, endpoint, secret);
  const attempts = new Map<string, number>();

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = String(request.headers['webhook-id']);
    const attempt = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, attempt);
    const behaviour = behaviourOf(seed, endpoint, id, attempt, misbehaves);
    if (behaviour === 'reset') return void (await answer(response, behaviour, 0));

    const body = await bodyOf(request);
    const no = ledger.arrived({ id, headers: request.headers, body, behaviour });
    const isStuck = behaviour === 'stuck';
    const status = TAKES.has(behaviour) || isStuck ? await take({ headers: request.headers, body }, isStuck) : 0;
    // A webhook that is not taken is refused plainly, whatever was planned.
    const answered = await answer(response, status >= 300 ? 'ok' : behaviour, status);
    if (answered === undefined) return;
    ledger.answered(no, answered);
    if (answered < 300) process.send?.({ endpoint, ...noteOf(format, body) } satisfies TakenNote);
  };

  const server = createServer((request, response) => {
    receive(request, response).catch((error: unknown) => {
      // The sender has gone in the middle of it, which is what happens to a worker that is killed.
      process.stderr.write(`${endpoint}: ${String(error)}\n`);
      response.destroy();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  process.send?.('listening');
}

function noteOf(format: string, body: Buffer): Omit<TakenNote, 'endpoint'> {
  const { provider, job, type } = readEvent(format, { body });
  return { provider, job, type };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
