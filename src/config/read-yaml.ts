import { LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error';

/**
 * Reads YAML 1.2 into plain values. A key with nothing behind it counts as left out, because that is what is left
 * when somebody puts a comment sign before everything below it.
 * @throws {ConfigError} one fault for each syntax error, with its line; a line of the file itself is never quoted
 */
export function readYaml(text: string): unknown {
  const lines = new LineCounter();
  // Its warnings would be Node's, and quote the file.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error' } as const;
  const document = orNotYaml(() => parseDocument(text, options));
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return { pointer: '/', text: `line ${line}, column ${col}: not YAML: ${firstLine(error.message)}` };
      }),
    );
  }
  const value = orNotYaml(() => document.toJS());
  return withoutEmptyKeys(value, MAX_DEPTH);
}

/** What the parser cannot cope with, an alias of itself for one, it says by errors of any kind. */
function orNotYaml<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ConfigError([{ pointer: '/', text: `not YAML: ${firstLine(String(cause))}` }], { cause });
  }
}

/** No key is nearly so deep, and everything after this goes down by recursion. */
const MAX_DEPTH = 64;

function withoutEmptyKeys(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) throw new ConfigError([{ pointer: '/', text: `is nested deeper than ${MAX_DEPTH} levels` }]);
  if (Array.isArray(value)) return value.map((item) => withoutEmptyKeys(item, levels - 1));
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutEmptyKeys(member, levels - 1)]));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
