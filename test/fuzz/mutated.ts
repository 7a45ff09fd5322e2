import fc from 'fast-check';
import { hostileJson, hostileText } from './hostile';

type Path = readonly (string | number)[];

/** What is done to the member at a place. `undefined` takes it out; more than one entry puts others beside it. */
type Mutation = (value: unknown, name: string | number, root: unknown) => readonly (readonly [unknown, unknown])[];

const dropped: Mutation = () => [];

const replaced = hostileJson.map(
  (next): Mutation =>
    (_value, name) => [[name, next]],
);

const renamed = hostileText.map(
  (next): Mutation =>
    (value) => [[next, value]],
);

const misspelt = fc.constantFrom<(name: string) => string>(
  (name) => name.toUpperCase(),
  (name) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
  (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  (name) => `${name} `,
  (name) => name.slice(1),
);
const nearlyNamed = misspelt.map(
  (respell): Mutation =>
    (value, name) => [[respell(String(name)), value]],
);

const doubled = misspelt.map(
  (respell): Mutation =>
    (value, name) => [
      [name, value],
      [respell(String(name)), value],
    ],
);

const retyped = fc
  .constantFrom<(value: unknown) => unknown>(
    (value) => [value],
    (value) => ({ value }),
    (value) => JSON.stringify(value),
    (value) => Number(JSON.stringify(value)) || 0,
    (value) => (typeof value === 'object' && value !== null ? Object.values(value) : null),
    (value) => (typeof value === 'string' ? [...value].slice(0, 20) : !value),
    (value) => (Array.isArray(value) ? { ...value } : value),
  )
  .map(
    (retype): Mutation =>
      (value, name) => [[name, retype(value)]],
  );

/** Texts with something in them; others become one. */
const spliced = fc.tuple(fc.nat(200), fc.nat(5), hostileText).map(
  ([at, length, text]): Mutation =>
    (value, name) => {
      const before = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
      const place = before.length === 0 ? 0 : at % (before.length + 1);
      return [[name, before.slice(0, place) + text + before.slice(place + length)]];
    },
);

/** The value of another place: of the right kind, where it does not belong. */
const transplanted = fc.nat().map(
  (pick): Mutation =>
    (_value, name, root) => {
      const paths = pathsOf(root);
      return [[name, valueAt(root, paths[pick % paths.length] ?? [])]];
    },
);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant(dropped),
  replaced,
  renamed,
  nearlyNamed,
  doubled,
  retyped,
  spliced,
  transplanted,
);

/** The value with one to four things about its structure changed. The original stays as it is. */
export function mutated(original: unknown): fc.Arbitrary<unknown> {
  const step = fc.tuple(fc.nat(), mutation);
  return fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) =>
    steps.reduce((root: unknown, [pick, mutate]) => {
      const paths = pathsOf(root);
      return changedAt(root, paths[pick % paths.length] ?? [], mutate, root);
    }, original),
  );
}

/** Places beyond this depth are not looked into: a text of JSON may hold any. */
const MAX_DEPTH = 40;

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || path.length >= MAX_DEPTH) return [path];
  const inside = Object.entries(value).slice(0, 100);
  return [path, ...inside.flatMap(([name, member]) => pathsOf(member, [...path, name]))];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((node, name) => (node as Record<string, unknown>)[name], value);
}

function changedAt(value: unknown, path: Path, mutate: Mutation, root: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return mutate(value, '', root)[0]?.[1];
  const change = ([key, member]: [string, unknown]): readonly (readonly [unknown, unknown])[] => {
    if (key !== name) return [[key, member]];
    return rest.length === 0 ? mutate(member, key, root) : [[key, changedAt(member, rest, mutate, root)]];
  };
  const entries = Object.entries(value as object).flatMap(change);
  return Array.isArray(value)
    ? entries.map(([, member]) => member)
    : Object.fromEntries(entries as [string, unknown][]);
}
