import { LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error';

/**
 * Reads YAML 1.2 into plain values. A key with nothing behind it counts as left out, because that is what is left
 * when somebody puts a comment sign before everything below it.
 * @throws {ConfigError} one fault for each syntax error, with its line; a line of the file itself is never quoted
 */
export function readYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return { pointer: '/', text: `line ${line}, column ${col}: not YAML: ${firstLine(error.message)}` };
      }),
    );
  }
  try {
    return withoutEmptyKeys(document.toJS());
  } catch (cause) {
    throw new ConfigError([{ pointer: '/', text: `not YAML: ${firstLine(String(cause))}` }], { cause });
  }
}

function withoutEmptyKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyKeys);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutEmptyKeys(member)]));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
