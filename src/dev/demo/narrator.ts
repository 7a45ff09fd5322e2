import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

/** Prints the demo: numbered steps, with facts and remarks under each. */
export interface Narrator {
  title(text: string, ...remarks: readonly string[]): void;
  step(text: string): void;
  facts(facts: Readonly<Record<string, string>>): void;
  lines(...lines: readonly string[]): void;
  remark(...lines: readonly string[]): void;
}

const INDENT = '   ';

/** Coloured where `stream` is a terminal that has colours. */
export function narrate(stream: Writable): Narrator {
  let steps = 0;
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    styleText(format, text, { stream, validateStream: true });
  const say = (...lines: readonly string[]) => void stream.write(lines.map((line) => `${line}\n`).join(''));
  const indented = (lines: readonly string[]) => lines.map((line) => INDENT + line);

  return {
    title: (text, ...remarks) => say('', style('bold', text), ...remarks.map((line) => style('dim', line))),
    step(text) {
      steps += 1;
      say('', style('bold', `${steps}. ${text}`));
    },
    facts(facts) {
      const width = Math.max(...Object.keys(facts).map(({ length }) => length));
      say(...Object.entries(facts).map(([name, fact]) => `${INDENT}${style('dim', name.padEnd(width))}  ${fact}`));
    },
    lines: (...lines) => say(...indented(lines)),
    remark: (...lines) => say(...indented(lines).map((line) => style('dim', line))),
  };
}
