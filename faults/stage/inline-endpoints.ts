import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type NameServer, startNameServer } from '../../test/support/name-server';
import type { Endpoint } from '../checker/ledger';
import { readEvent } from '../checker/read-event';
import type { TakenNote } from '../receivers/receiver-process';
import { openReceivedLedger, type ReceivedLedger } from '../receivers/taker';
import type { Receiver } from './receivers';

/** Where submissions may send a job's events by URL, from hosts that are well and from hosts that are not. */
export interface InlineEndpoints {
  /** For the ledgers, whose names they have whatever the program calls them. */
  readonly endpoints: readonly Endpoint[];
  /** The nameserver that knows their names, for the workers. */
  readonly nameserver: string;
  /** The next of them, for a job of this number. */
  choose(count: number, way: InlineWay, job: number): readonly InlineChoice[];
  /** How many events of this type have been taken of a job, each once. */
  taken(job: string, type: string): number;
  close(): Promise<void>;
}

/** Takes every attempt · answers none of the first attempts · has a name that no nameserver answers for at first. */
export type InlineWay = 'takes' | 'hangs' | 'silent_name';

export interface InlineChoice {
  readonly name: string;
  readonly url: string;
  /** Name of the secret. */
  readonly secret: string;
}

/** As many as a job may have. */
const COUNT = 100;
/** Shorter than the time-out of inline endpoints, so that a run does not wait for nothing but that. */
const HANGS_MS = 4_000;
/** Longer than a look-up may take. */
const SILENT_MS = 5_000;

export interface InlineEndpointsOptions {
  readonly directory: string;
  /** Whose secret signs. */
  readonly signsAs: Pick<Receiver, 'name' | 'secret'>;
  readonly onTaken: (note: TakenNote) => void;
}

/** One server for all of them: only their paths differ, and their names where they have one. */
export async function openInlineEndpoints(options: InlineEndpointsOptions): Promise<InlineEndpoints> {
  const { directory, signsAs, onTaken } = options;
  const ledgers = new Map<string, ReceivedLedger>();
  const attempts = new Map<string, number>();
  const events = new Map<string, Set<string>>();

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, endpoint = '', way] = (request.url ?? '').split('/');
    const id = String(request.headers['webhook-id']);
    const body = Buffer.concat(await request.toArray());
    const attempt = (attempts.get(`${endpoint} ${id}`) ?? 0) + 1;
    attempts.set(`${endpoint} ${id}`, attempt);
    const ledger = ledgers.get(endpoint) ?? openReceivedLedger(join(directory, `received-${endpoint}.jsonl`), endpoint);
    ledgers.set(endpoint, ledger);
    const no = ledger.arrived({ id, headers: request.headers, body, behaviour: String(way) });
    if (way === 'hangs' && attempt === 1) {
      await sleep(HANGS_MS, undefined, { ref: false });
      response.destroy();
      return;
    }
    response.writeHead(204).end();
    ledger.answered(no, 204);
    const { provider, job, type } = readEvent('standard', { body });
    const key = `${job} ${type}`;
    events.set(key, (events.get(key) ?? new Set()).add(id));
    onTaken({ endpoint, provider, job, type });
  };
  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy()); // the sender has gone
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const names = await startSlowNames();

  const originOf = (way: InlineWay, job: number, i: number) =>
    way === 'silent_name' ? `http://host-${i}.job-${job}.test:${port}` : `http://127.0.0.1:${port}`;
  return {
    endpoints: Array.from({ length: COUNT }, (_, i) => ({
      name: nameOf(i),
      channel: 'webhook',
      format: 'standard',
      secret: signsAs.secret,
      effects: null,
    })),
    nameserver: names.address,
    choose: (count, way, job) =>
      Array.from({ length: count }, (_, i) => ({
        name: nameOf(i),
        url: `${originOf(way, job, i)}/${nameOf(i)}/${way}/${job}`,
        secret: signsAs.name,
      })),
    taken: (job, type) => events.get(`${job} ${type}`)?.size ?? 0,
    async close() {
      server.closeAllConnections();
      server.close();
      await names.close();
      for (const ledger of ledgers.values()) ledger.close();
    },
  };
}

function nameOf(i: number): string {
  return `inline-${String(i).padStart(2, '0')}`;
}

/** Does not answer for a name in the seconds after it was first asked for; from then on it is this machine's. */
function startSlowNames(): Promise<NameServer> {
  const askedAt = new Map<string, number>();
  return startNameServer((name, type) => {
    const first = askedAt.get(name) ?? Date.now();
    askedAt.set(name, first);
    if (Date.now() - first < SILENT_MS) return 'silence';
    return type === 'A' ? ['127.0.0.1'] : 'none';
  }, 1);
}
