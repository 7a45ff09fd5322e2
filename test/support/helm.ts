import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const CACHE =
  process.env['JOBHERALD_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'jobherald');

/**
 * The real helm: on PATH, or as `go install helm.sh/helm/v3/cmd/helm@latest` leaves it (some minutes, once). Undefined
 * where there is none.
 */
export function findHelm(): string | undefined {
  return ['helm', join(homedir(), 'go/bin/helm')].find((helm) => spawnSync(helm, ['version', '--short']).status === 0);
}

/** A Kubernetes that the chart supports, whose own schemas resources are held against. */
export const KUBERNETES = '1.34';

export interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  // biome-ignore lint/suspicious/noExplicitAny: what is in it depends on the kind, and is what tests look at
  readonly [member: string]: any;
}

export function runHelm(
  helm: string,
  args: readonly string[],
): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(helm, [...args, '--kube-version', `${KUBERNETES}.0`], {
    encoding: 'utf8',
  });
  return { status, said: status === 0 ? stdout : stdout + stderr };
}

/** What the chart yields with these values (`--set-json`). */
export function render(
  helm: string,
  chart: string,
  values: Readonly<Record<string, unknown>> = {},
): readonly Resource[] {
  const set = Object.entries(values).flatMap(([path, value]) => ['--set-json', `${path}=${JSON.stringify(value)}`]);
  const { status, said } = runHelm(helm, ['template', 'jobs', chart, '--namespace', 'jobs', ...set]);
  if (status !== 0) throw new Error(said);
  return parseAllDocuments(said)
    .map((document) => document.toJS())
    .filter((resource) => resource !== null);
}

const VALIDATE = `
import json, sys, kubernetes_validate
for resource in json.load(sys.stdin):
    try:
        kubernetes_validate.validate(resource, sys.argv[1], strict=True)
    except Exception as error:
        print(resource['kind'], resource['metadata']['name'], getattr(error, 'message', error))
`;

/** `kubernetes-validate` of PyPI, installed into the cache by pip; undefined where that cannot be had. */
export function findValidator(): ((resources: readonly Resource[]) => string) | undefined {
  const packages = join(CACHE, 'kubernetes-validate');
  if (!existsSync(packages)) {
    const install = ['-m', 'pip', 'install', '--quiet', '--target', packages, 'kubernetes-validate==1.37.0'];
    if (spawnSync('python3', install, { timeout: 120_000 }).status !== 0) return undefined;
  }
  return (resources) => {
    const { status, stdout, stderr } = spawnSync('python3', ['-c', VALIDATE, KUBERNETES], {
      input: JSON.stringify(resources),
      env: { ...process.env, PYTHONPATH: packages },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };
}
