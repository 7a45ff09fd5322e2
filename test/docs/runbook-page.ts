import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FencedCommand, fencedCommands } from '../../stack/fenced-commands';
import { eventually } from '../support/eventually';

const FOLDER = join(__dirname, '../../docs/runbooks');

export interface Shell {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Changes a command before it is run: an address that only a page has. */
  adapt?(line: string): string;
}

/** A page whose commands are run one after another, in the order in which they stand there; none may be passed over. */
export interface RunbookPage {
  /** Runs the next command, which begins with `start`, once. @returns what it has printed */
  does(start: string, prints: RegExp, code?: number): Promise<string>;
  /** Runs the next command, a question, until it prints what it should. */
  sees(start: string, prints: RegExp, code?: number): Promise<string>;
  /** Passes over the next commands that begin with `start`, which the page has to say that it leaves to a person. */
  leavesOut(start: string, count: number): void;
  /** The commands that are still to be run. */
  readonly left: readonly string[];
}

export function openRunbook(name: string, shell: Shell): RunbookPage {
  const left = fencedCommands(readFileSync(join(FOLDER, name), 'utf8'));
  const next = (start: string): FencedCommand => {
    const command = left.shift();
    if (!command?.line.startsWith(start))
      throw new Error(`the next command of ${name} is ${command?.line}, not ${start} …`);
    return command;
  };
  const attempt = async ({ line, isLeftOut }: FencedCommand, prints: RegExp, code: number) => {
    expect([name, line, isLeftOut]).toEqual([name, line, false]);
    const result = await answered(shell.adapt?.(line) ?? line, shell);
    expect([line, result]).toEqual([line, { code, printed: expect.stringMatching(prints) }]);
    return result.printed;
  };
  return {
    does: (start, prints, code = 0) => attempt(next(start), prints, code),
    async sees(start, prints, code = 0) {
      const command = next(start);
      return eventually(command.line, () => attempt(command, prints, code));
    },
    leavesOut(start, count) {
      for (let i = 0; i < count; i++) expect([name, next(start)]).toMatchObject([name, { isLeftOut: true }]);
    },
    get left() {
      return left.map(({ line }) => line);
    },
  };
}

const UNAVAILABLE =
  /"code":"unavailable"|the gateway answers and waits for its Temporal|Temporal does not answer right now|namespace does not exist/;
const ATTEMPTS = 20;

/** Where Temporal is too busy to answer, a command is to be given again, which does no harm with any of them. */
async function answered(line: string, shell: Shell): ReturnType<typeof run> {
  for (let attempt = 1; ; attempt++) {
    const result = await run(line, shell);
    if (attempt === ATTEMPTS || !UNAVAILABLE.test(result.printed)) return result;
  }
}

function run(line: string, { cwd, env }: Shell): Promise<{ readonly code: number | null; readonly printed: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-o', 'pipefail', '-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (printed += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, printed }));
  });
}
