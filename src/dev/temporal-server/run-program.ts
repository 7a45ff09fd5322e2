import { execFile } from 'node:child_process';
import type { Environment } from './cli-cache';

/**
 * Runs a program to its end and resolves with what it printed on stdout.
 * @throws {Error} with the program's last words where it is missing, fails, or takes longer than `timeoutMs`
 */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly env: Environment; readonly cwd?: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { timeoutMs, env, cwd } = options;
    const child = execFile(
      file,
      args,
      { timeout: timeoutMs, env: { ...env }, cwd, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(
            new Error(`${[file, ...args.slice(0, 2)].join(' ')}: ${reason(error, stderr || stdout)}`, { cause: error }),
          );
      },
    );
    child.stdin?.end();
  });

  function reason(
    error: { readonly code?: unknown; readonly killed?: boolean; message: string },
    output: string,
  ): string {
    if (error.code === 'ENOENT') return 'no such program';
    if (error.killed) return `took longer than ${options.timeoutMs / 1000} s`;
    return lastLine(output) || `exit code ${error.code}`;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
