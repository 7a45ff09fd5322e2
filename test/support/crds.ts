import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { Resource } from './helm';

/** Which Go module has the definition of a kind, and where in it. */
const DEFINITIONS: Readonly<Record<string, { readonly module: string; readonly file: string }>> = {
  ScaledObject: { module: 'github.com/kedacore/keda/v2', file: 'config/crd/bases/keda.sh_scaledobjects.yaml' },
  ServiceMonitor: {
    module: 'github.com/prometheus-operator/prometheus-operator',
    file: 'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
  },
  PrometheusRule: {
    module: 'github.com/prometheus-operator/prometheus-operator',
    file: 'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
  },
};

/**
 * What is wrong with a custom resource by its own definition, strictly: a member that the definition does not name is a fault, where
 * a cluster would drop it. Rules in CEL are not looked at. Undefined where the Go modules are not in the module cache.
 */
export function findCustomValidator(): ((resource: Resource) => readonly string[]) | undefined {
  const texts = new Map<string, string>();
  for (const [kind, { module, file }] of Object.entries(DEFINITIONS)) {
    const folder = newest(module);
    if (folder === undefined || !existsSync(join(folder, file))) return undefined;
    texts.set(kind, readFileSync(join(folder, file), 'utf8'));
  }
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, code: { regExp } });
  return (resource) => {
    const { spec } = parse(texts.get(resource.kind) ?? '') as Definition;
    const version = spec.versions.find(({ name }) => resource['apiVersion'] === `${spec.group}/${name}`);
    if (!version) return [`there is no ${resource['apiVersion']} ${resource.kind}`];
    const validate = ajv.compile(closed(version.schema.openAPIV3Schema) as object);
    const { metadata: _, ...body } = resource;
    if (validate(body)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, params['additionalProperty']].filter(Boolean).join(' '),
    );
  };
}

/** Go's regular expressions begin with their flags. */
const regExp = Object.assign(
  (pattern: string, flags: string) =>
    pattern.includes('(?i)') ? new RegExp(pattern.replace('(?i)', ''), `${flags}i`) : new RegExp(pattern, flags),
  { code: 'new RegExp' },
);

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: object } }[];
  };
}

/** Every object that names its members has no others. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [
      keyword,
      keyword === 'properties' ? eachClosed(value) : closed(value),
    ]),
  );
  const isOpen = 'additionalProperties' in copy || copy['x-kubernetes-preserve-unknown-fields'] === true;
  return copy['type'] === 'object' && 'properties' in copy && !isOpen ? { ...copy, additionalProperties: false } : copy;
}

/** What stands under `properties` is no schema itself. */
function eachClosed(properties: object): object {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, closed(schema)]));
}

function newest(module: string): string | undefined {
  const { stdout } = spawnSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' });
  const cache = stdout?.trim() || join(homedir(), 'go/pkg/mod');
  const [parent = '', name = ''] = [
    module.slice(0, module.lastIndexOf('/')),
    module.slice(module.lastIndexOf('/') + 1),
  ];
  const folder = join(cache, parent);
  if (!existsSync(folder)) return undefined;
  const versions = readdirSync(folder).filter((each) => each.startsWith(`${name}@`));
  const last = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return last && join(folder, last);
}
