import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fencedCommands } from './fenced-commands';
import type { Stack } from './open-stack';

const run = promisify(execFile);
const ROOT = join(__dirname, '..');

/** The command lines of one section of a runbook. */
export function commandsOf(page: string, heading: string): readonly string[] {
  const text = readFileSync(join(ROOT, 'docs/runbooks', page), 'utf8');
  const section = text.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  return fencedCommands(section).map(({ line }) => line);
}

export interface Ran {
  readonly command: string;
  readonly code: number;
  readonly said: string;
}

/**
 * Runs a line of a runbook here: what it asks of `docker compose` is done to the stack, `jobherald` is the bin of the
 * stack's worker, and files are those of `cwd`.
 */
export async function runHere(stack: Stack, command: string, cwd: string): Promise<Ran> {
  if (command === 'docker compose up --wait') {
    await stack.up();
    return { command, code: 0, said: '' };
  }
  const stopped = /^docker compose stop (.*)$/.exec(command)?.[1];
  if (stopped !== undefined) {
    await stack.stop(stopped.split(' '));
    return { command, code: 0, said: '' };
  }
  const [, service = 'worker', inside = command] = /^docker compose exec -T (\S+) (.*)$/.exec(command) ?? [];
  const { env, cwd: configured, argv } = stack.within(service);
  const [node = '', bin = ''] = argv;
  const line = inside.replace(/^jobherald /, `"${node}" "${bin}" `);
  const result = run('/bin/sh', ['-c', line], {
    cwd,
    env: { ...env, JOBHERALD_CONFIG: join(configured, 'jobherald.yaml') },
  });
  return result.then(
    ({ stdout, stderr }) => ({ command, code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ command, code: Number(code), said: `${stdout}${stderr}` }),
  );
}
