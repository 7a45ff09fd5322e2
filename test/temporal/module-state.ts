import { type Runtime, Session } from 'node:inspector';
import { types } from 'node:util';
import { runInThisContext } from 'node:vm';

/** A module as webpack's cache has it. */
export interface LoadedModule {
  readonly id: string;
  readonly exports: unknown;
}

/** Everything that modules hold, one line for each thing that may change: where it is found, and what it is. */
export type ModuleState = ReadonlyMap<string, string>;

/** What differs between two states. */
export function changes(before: ModuleState, after: ModuleState): readonly string[] {
  const places = new Set([...before.keys(), ...after.keys()]);
  return [...places]
    .filter((place) => before.get(place) !== after.get(place))
    .map((place) => `${place}: ${before.get(place) ?? 'nothing'} → ${after.get(place) ?? 'nothing'}`);
}

/** Internal properties of V8 that say where a value comes from, and nothing of what it holds. */
const NO_STATE: readonly string[] = [
  '[[Prototype]]',
  '[[FunctionLocation]]',
  '[[GeneratorLocation]]',
  '[[IsGenerator]]',
];

/** Internal properties that are lists of their own. */
const LISTS: readonly string[] = ['[[Scopes]]', '[[Entries]]'];

/** Objects whose whole state is their own properties and entries; of any other the debugger is asked. */
const isPlain = (value: object) => {
  if (typeof value === 'function' || types.isProxy(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null || Array.isArray(value);
};

export interface ModuleStateReader extends Disposable {
  /**
   * Walks all that `modules` hold, by V8's debugger: exports, variables that are not exported, and what closures,
   * generators, private fields, bound functions, proxies and collections hide. Objects keep a number over several calls,
   * so that one which is replaced by its like is noticed.
   * @param isOurs whose variables are walked; those of other modules, such as the SDK's, are not
   */
  read(modules: readonly LoadedModule[], isOurs: (id: string) => boolean): ModuleState;
}

interface Step {
  readonly place: string;
  readonly value: unknown;
  /** Made by the debugger to show something: another one each time. */
  readonly isMadeToShow?: boolean;
  readonly isRoot?: boolean;
}

/** Reads the state of modules that are loaded in this thread. */
export function moduleStateReader(): ModuleStateReader {
  const v8 = debuggerOfThisThread();
  const numbers = new WeakMap<object, number>();
  let last = 0;
  const numberOf = (value: object): number => {
    const number = numbers.get(value) ?? ++last;
    numbers.set(value, number);
    return number;
  };

  return {
    read(modules, isOurs) {
      const ids = new Set(modules.map(({ id }) => id));
      const moduleOf = new Map(modules.map(({ id, exports }) => [exports, id]));
      const found = new Map<string, string>();
      const seen = new Map<object, string>();
      const queue: Step[] = modules
        .filter(({ id }) => isOurs(id))
        .map(({ id, exports }) => ({ place: id, value: exports, isRoot: true }));

      const walkScopes = (place: string, value: object) => {
        for (const { name, variables } of v8.scopesOf(value)) {
          const isModule = ids.has(name);
          if (isModule && !isOurs(name)) return;
          // All functions of a module share its variables: they stand under its name.
          const scope = isModule ? name : `${place}.{${name}}`;
          for (const [variable, inner] of Object.entries(variables)) {
            const at = `${scope} ${variable}`;
            if (!variable.startsWith('__') && !found.has(at)) queue.push({ place: at, value: inner });
          }
          if (isModule) return;
        }
      };
      for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
        const { place, value, isMadeToShow = false, isRoot = false } = step;
        if (found.has(place)) continue;
        if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
          found.set(place, typeof value === 'string' ? JSON.stringify(value) : String(value));
          continue;
        }
        const known = seen.get(value);
        const module = isRoot ? undefined : moduleOf.get(value);
        if (known !== undefined || module !== undefined || isGlobal(value)) {
          found.set(place, `as ${known ?? module ?? 'globalThis'}`);
          continue;
        }
        seen.set(value, place);
        found.set(place, isMadeToShow ? 'an object' : `object ${numberOf(value)}`);
        for (const [name, inner] of ownValues(value)) queue.push({ place: `${place}.${name}`, value: inner });
        if (isPlain(value)) continue;
        if (!types.isProxy(value)) queue.push({ place: `${place}.[[Prototype]]`, value: Object.getPrototypeOf(value) });
        for (const [name, inner] of v8.hiddenIn(value)) {
          queue.push({ place: `${place}.${name}`, value: inner, isMadeToShow: !name.startsWith('#') });
        }
        walkScopes(place, value);
      }
      return found;
    },
    [Symbol.dispose]: () => v8.close(),
  };
}

/** Whether this is the global object of any context. */
function isGlobal(value: object): boolean {
  return !types.isProxy(value) && Reflect.getOwnPropertyDescriptor(value, 'globalThis')?.value === value;
}

function ownValues(value: object): readonly (readonly [string, unknown])[] {
  if (types.isProxy(value)) return [];
  const own = Reflect.ownKeys(value).flatMap((key): [string, unknown][] => {
    const { value: inner, get, set } = Reflect.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
    const name = String(key);
    return get || set
      ? [
          [`${name}:get`, get],
          [`${name}:set`, set],
        ]
      : [[name, inner]];
  });
  if (types.isDate(value)) return [...own, ['time', Number(value)]];
  if (types.isSet(value)) return [...own, ...numbered('', Set.prototype.values.call(value))];
  if (!types.isMap(value)) return own;
  return [
    ...own,
    ...numbered('key ', Map.prototype.keys.call(value)),
    ...numbered('value ', Map.prototype.values.call(value)),
  ];
}

function numbered(prefix: string, values: Iterable<unknown>): readonly (readonly [string, unknown])[] {
  return [...values].map((value, i) => [`${prefix}${i}`, value] as const);
}

interface Scope {
  /** Of the function it belongs to; of a module its id. */
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What only V8's debugger says of a value. */
function debuggerOfThisThread() {
  const session = new Session();
  session.connect();
  const slot = '__inspected';
  // Jest runs tests in a context of their own; the debugger evaluates in Node's.
  const shared = runInThisContext('globalThis') as Record<string, unknown>;

  const post = <T>(method: string, params: object): T => {
    let answer: T | undefined;
    (session.post as (method: string, params: object, done: (error: Error | null, result: T) => void) => void).call(
      session,
      method,
      params,
      (error, result) => {
        if (error) throw Object.assign(new Error(`${method}: ${error.message}`), { cause: error });
        answer = result;
      },
    );
    return answer as T;
  };
  const idOf = (value: object): string => {
    shared[slot] = value;
    const { result } = post<Runtime.EvaluateReturnType>('Runtime.evaluate', { expression: slot, objectGroup: slot });
    return result.objectId as string;
  };
  const propertiesOf = (objectId: string) =>
    post<Runtime.GetPropertiesReturnType & { privateProperties?: Runtime.PropertyDescriptor[] }>(
      'Runtime.getProperties',
      { objectId, ownProperties: true },
    );
  const localValue = (remote: Runtime.RemoteObject | undefined): unknown => {
    if (remote?.objectId === undefined) return remote?.value ?? remote?.unserializableValue ?? remote?.description;
    const functionDeclaration = `function () { 'use strict'; globalThis.${slot} = this; }`;
    post('Runtime.callFunctionOn', { objectId: remote.objectId, functionDeclaration });
    return shared[slot];
  };
  const release = () => {
    post('Runtime.releaseObjectGroup', { objectGroup: slot });
    shared[slot] = undefined;
  };
  const internalsOf = (value: object) => {
    const { internalProperties = [], privateProperties = [] } = propertiesOf(idOf(value));
    return { internal: internalProperties.filter(({ name }) => !NO_STATE.includes(name)), privates: privateProperties };
  };
  const idOfInternal = (internal: readonly Runtime.InternalPropertyDescriptor[], wanted: string) =>
    internal.find(({ name }) => name === wanted)?.value?.objectId;

  return {
    /** Private fields, and what a generator, a proxy, a bound function or a weak collection holds. */
    hiddenIn(value: object): readonly (readonly [string, unknown])[] {
      const { internal, privates } = internalsOf(value);
      const values = [...internal, ...privates]
        .filter(({ name }) => !LISTS.includes(name))
        .map(({ name, value: inner }) => [name, localValue(inner)] as const);
      const list = types.isMap(value) || types.isSet(value) ? undefined : idOfInternal(internal, '[[Entries]]');
      const entries = (list === undefined ? [] : propertiesOf(list).result)
        .filter(({ name }) => /^\d+$/.test(name))
        .map(({ name, value: inner }) => [`entry ${name}`, localValue(inner)] as const);
      release();
      return [...values, ...entries];
    },
    /** The scopes of a function or a generator, from its own outwards. */
    scopesOf(value: object): readonly Scope[] {
      const list = idOfInternal(internalsOf(value).internal, '[[Scopes]]');
      const scopes = (list === undefined ? [] : propertiesOf(list).result)
        .filter(({ name }) => /^\d+$/.test(name))
        .map(({ value: scope }) => localValue(scope) as { readonly description: string; readonly object: object })
        .filter(({ description }) => !/^(?:Global|Script)/.test(description))
        .map(({ description, object }) => ({
          name: /\((.*)\)$/.exec(description)?.[1] ?? description,
          variables: object as Record<string, unknown>,
        }));
      release();
      return scopes;
    },
    close: () => session.disconnect(),
  };
}
