import { type Fault, pointerTo } from './fault';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Expanded {
  readonly value: unknown;
  /** Pointers of the strings in which a variable stood. */
  readonly expanded: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every string, keys apart. As in a shell, the default also stands in
 * for a variable that is set but empty; unlike in a shell, a variable that is not set is a fault. `$${` is a plain `${`.
 */
export function expandEnvironment(value: unknown, env: Environment): Expanded {
  const expanded = new Set<string>();
  const faults: Fault[] = [];

  const expand = (node: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof node === 'string') return expandText(node, pointerTo(...path) || '/');
    if (Array.isArray(node)) return node.map((item, index) => expand(item, [...path, index]));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, member]) => [key, expand(member, [...path, key])]));
  };

  const expandText = (text: string, pointer: string): string =>
    text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (match, reference: string | undefined, end: string) => {
      if (reference === undefined) return '${';
      const [, name, , fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(:-(.*))?$/s.exec(reference) ?? [];
      if (name === undefined || end === '' || fallback?.includes('${')) {
        faults.push({
          pointer,
          text: `a "\${" that begins no variable; write \${NAME}, \${NAME:-default}, or "$\${" for a plain "\${"`,
        });
        return match;
      }
      expanded.add(pointer);
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      if (fallback !== undefined) return found || fallback;
      if (found !== undefined) return found;
      const advice = `set it, or give a default: \${${name}:-…}`;
      faults.push({ pointer, text: `the environment variable ${name} is not set; ${advice}` });
      return match;
    });

  return { value: expand(value, []), expanded, faults };
}
