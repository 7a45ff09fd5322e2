import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port';
import type { Victim } from '../plan/names';
import type { TakenNote } from '../receivers/receiver-process';
import { serviceOfStrangers } from '../systems/loads';
import type { OpenSystem, System } from '../systems/system';
import { BIN, build, isReady, setUp } from './bin';
import { type ConfigParts, writeConfigFile } from './config-file';
import { type InlineEndpoints, openInlineEndpoints } from './inline-endpoints';
import { openJournal } from './journal';
import { binPart, type Part } from './part';
import { type Receiver, startReceivers } from './receivers';
import { openTemporal, type TemporalChoice } from './temporal-part';

export interface StageOptions {
  /** Where everything is written: configuration, database, logs, ledgers. */
  readonly directory: string;
  readonly seed: string;
  readonly phaseMs: number;
  readonly misbehaves: number;
  readonly wrongClocks: boolean;
  readonly systems: readonly OpenSystem[];
  /** Hooks of `faults/broken/`, by their names, that break the build. */
  readonly broken: readonly string[];
  /** What Node.js is given before the bin. */
  readonly nodeArgs?: readonly string[];
  readonly temporal: TemporalChoice;
  readonly onTaken: (note: TakenNote) => void;
  readonly say: (line: string) => void;
}

/** Everything that a run plays with, running. */
export interface Stage {
  readonly systems: readonly System[];
  readonly parts: readonly Part[];
  readonly gateways: readonly string[];
  readonly journal: ReturnType<typeof openJournal>;
  readonly inline: InlineEndpoints;
  /** Processes that ended by themselves, and what else must not happen. */
  readonly crashes: readonly string[];
  /** Resolves when workers and gateways are ready: with the time, epoch ms, at which the run begins. */
  begin(): Promise<number>;
  close(): Promise<void>;
}

const ROOT = join(__dirname, '../..');
const TYPESCRIPT = join(ROOT, 'scripts/typescript-hook.js');
const READY_WITHIN_MS = 90_000;

/** @throws {Error} where any part does not start; what did is closed again */
export async function openStage(options: StageOptions): Promise<Stage> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await open(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(options: StageOptions, closers: (() => Promise<void>)[]): Promise<Omit<Stage, 'close'>> {
  const { directory, say, onTaken } = options;
  build();
  const crashes: string[] = [];
  const onCrash = (what: string) => {
    crashes.push(what);
    say(what);
  };
  const preload = options.broken.flatMap((name) => ['--require', join(ROOT, `faults/broken/${name}.cjs`)]);
  const journal = openJournal(directory);

  const receivers = await startReceivers({ ...options, nodeArgs: ['--require', TYPESCRIPT, ...preload] });
  closers.push(async () => {
    for (const { child } of receivers) child.process.kill('SIGKILL');
  });
  const signsAs = receivers[0] as Receiver;
  const inline = await openInlineEndpoints({ directory, signsAs, onTaken });
  closers.push(() => inline.close());
  const systems: System[] = [];
  for (const openSystem of options.systems) {
    const system = await openSystem({ directory, webhooks: receivers.map(({ name }) => name), onTaken });
    systems.push(system);
    closers.push(() => system.close());
  }
  const endpoints = [...receivers, ...systems.flatMap((system) => system.endpoints)];
  journal.endpoints(
    [...endpoints, ...inline.endpoints].map(({ name, channel, format, secret, effects }) => ({
      name,
      channel,
      format,
      secret,
      effects,
    })),
  );

  const temporal = await openTemporal(options.temporal, { directory, say, onCrash });
  closers.push(temporal.close);
  say(`Temporal is at ${temporal.address}`);
  await temporal.start();
  const config: ConfigParts = {
    temporal: temporal.address,
    secrets: Object.fromEntries(receivers.map(({ name, secret }) => [name, [secret ?? '']])),
    endpoints: endpoints.map((endpoint) => endpoint.config),
    providers: {
      ...Object.fromEntries(systems.map(({ name, provider }) => [name, provider])),
      http: serviceOfStrangers(signsAs.name),
    },
  };

  const origins: Record<string, string> = {};
  const bins: Part[] = [];
  for (const name of ['worker-1', 'worker-2', 'gateway-1', 'gateway-2'] as const) {
    const port = await freePort();
    const kind = name.startsWith('worker') ? 'worker' : 'gateway';
    const serves = kind === 'worker' ? { worker: { port } } : { gateway: { port } };
    const file = writeConfigFile(directory, name, config, serves);
    const log = join(directory, `${name}.log`);
    const names = ['--require', join(ROOT, 'faults/stage/nameserver.cjs')];
    const args = [...(options.nodeArgs ?? []), ...names, ...preload, BIN, kind, '--config', file];
    const env = { JOBHERALD_FAULTS_NAMESERVER: inline.nameserver };
    bins.push(binPart({ name, args, cwd: directory, log, env, onCrash }));
    origins[name] = `http://127.0.0.1:${port}`;
  }
  setUp(join(directory, 'worker-1.yaml'), directory);
  for (const part of bins) {
    await part.start();
    closers.push(() => part.kill('SIGKILL'));
  }

  return {
    systems,
    inline,
    parts: [...bins, ...temporal.parts, ...systems.flatMap((system) => system.parts)],
    gateways: Object.entries(origins).flatMap(([name, origin]) => (name.startsWith('gateway') ? [origin] : [])),
    journal,
    crashes,
    async begin() {
      const giveUpAt = Date.now() + READY_WITHIN_MS;
      for (const [name, origin] of Object.entries(origins)) {
        while (!(await isReady(origin))) {
          if (crashes.length > 0 || Date.now() > giveUpAt)
            throw new Error(`${name} is not ready; see ${join(directory, `${name}.log`)}`);
          await sleep(200);
        }
      }
      const now = Date.now();
      for (const { child } of receivers) child.process.send(now);
      return now;
    },
  };
}

/** What of a stage can be killed. */
export function victimsOf({ parts }: Pick<Stage, 'parts'>): readonly Victim[] {
  return parts.map(({ name }) => name);
}
