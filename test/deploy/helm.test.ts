import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load-config';
import { findCustomValidator } from '../support/crds';
import { findHelm, findValidator, type Resource, render, runHelm } from '../support/helm';

const ROOT = join(__dirname, '../..');
const CHART = join(ROOT, 'deploy/helm');
const env = { JOBHERALD_TOKEN: 'a-token-for-tests' };

const CUSTOM = ['ScaledObject', 'ServiceMonitor', 'PrometheusRule'];

const EVERYTHING = {
  'worker.keda': { enabled: true, authentication: 'temporal' },
  'monitoring.enabled': true,
  'monitoring.labels': { release: 'prometheus' },
  'networkPolicy.gatewayFrom': [{ namespaceSelector: { matchLabels: { name: 'ingress' } } }],
  'serviceAccount.annotations': { 'iam.gke.io/gcp-service-account': 'jobs@p.iam.gserviceaccount.com' },
  imagePullSecrets: [{ name: 'registry' }],
  extraEnv: [{ name: 'JOBHERALD_LOG_LEVEL', value: 'debug' }],
  extraVolumes: [{ name: 'tls', secret: { secretName: 'temporal-tls' } }],
  extraVolumeMounts: [{ name: 'tls', mountPath: '/tls', readOnly: true }],
  tolerations: [{ key: 'batch', operator: 'Exists' }],
  podAnnotations: { 'example.com/team': 'jobs' },
};

describe('deploy/helm/values.yaml', () => {
  it('has a configuration that jobherald takes, with a Secret for each of its variables', () => {
    const { config, secretEnv } = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
    expect(parseConfig(JSON.stringify(config), { env, cwd: ROOT }).temporal.address).toBe(
      'temporal-frontend.temporal:7233',
    );
    expect(secretEnv).toEqual([{ name: 'JOBHERALD_TOKEN', secret: 'jobherald', key: 'token' }]);
  });
});

const helm = findHelm();
// Skipped by name where there is no helm: `go install helm.sh/helm/v3/cmd/helm@latest` makes one.
const describeWithHelm = helm === undefined ? describe.skip : describe;

describeWithHelm('the Helm chart, rendered by the real helm', () => {
  const chart = (values?: Readonly<Record<string, unknown>>) => render(helm ?? '', CHART, values);
  const one = (resources: readonly Resource[], kind: string, name = 'jobs-jobherald') => {
    const found = resources.find((each) => each.kind === kind && each.metadata.name === name);
    if (!found) throw new Error(`no ${kind} ${name}`);
    return found;
  };
  const container = (resources: readonly Resource[], kind: string, component: string) =>
    one(resources, kind, `jobs-jobherald-${component}`)['spec'].template.spec.containers[0];

  it('passes lint', () => {
    expect(runHelm(helm ?? '', ['lint', '--strict', CHART])).toMatchObject({ status: 0 });
  });

  it('has what the Kubernetes schemas allow and nothing else, by default and with every option on', () => {
    const validate = findValidator();
    if (!validate) throw new Error('kubernetes-validate cannot be installed: python3 -m pip is needed');
    for (const resources of [chart(), chart(EVERYTHING)]) {
      const own = resources.filter(({ kind }) => !CUSTOM.includes(kind));
      expect(own.length).toBeGreaterThan(10);
      expect(validate(own)).toBe('');
    }
    const [service] = chart().filter(({ kind }) => kind === 'Service');
    if (service) expect(validate([{ ...service, spec: { ports: 'none' } }])).not.toBe('');
  });

  const validateCustom = findCustomValidator();
  // Skipped by name where the definitions are not in Go's module cache: `go mod download` of github.com/kedacore/keda/v2@latest and
  // github.com/prometheus-operator/prometheus-operator@latest, in any Go module, fetches them.
  (validateCustom ? it : it.skip)(
    'has what the definitions of KEDA and of the Prometheus operator allow, and nothing else',
    () => {
      const validate = validateCustom ?? (() => []);
      const custom = chart(EVERYTHING).filter(({ kind }) => CUSTOM.includes(kind));
      expect(new Set(custom.map(({ kind }) => kind))).toEqual(new Set(CUSTOM));
      for (const resource of custom) expect([resource.kind, validate(resource)]).toEqual([resource.kind, []]);

      const [scaled] = custom.filter(({ kind }) => kind === 'ScaledObject');
      const spec = { ...scaled?.['spec'], minReplicas: 1, maxReplicaCount: 'six' };
      expect(validate({ ...(scaled as Resource), spec })).toEqual([
        expect.stringContaining('minReplicas'),
        expect.stringContaining('/spec/maxReplicaCount must be integer'),
      ]);
    },
  );

  it('renders a configuration that jobherald takes, which listens where the probes ask', () => {
    const resources = chart();
    const text = one(resources, 'ConfigMap')['data']['jobherald.yaml'];
    const { worker, gateway } = parseConfig(text, { env, cwd: ROOT });
    expect(one(resources, 'ConfigMap', 'jobs-jobherald-setup')['data']['jobherald.yaml']).toBe(text);
    for (const [component, { host, port }] of Object.entries({ worker, gateway })) {
      const { ports, livenessProbe, readinessProbe } = container(resources, 'Deployment', component);
      expect([component, host, ports]).toEqual([component, '0.0.0.0', [{ name: 'http', containerPort: port }]]);
      expect(livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    }
  });

  it('sets Temporal up before an install and an upgrade', () => {
    const resources = chart();
    for (const kind of ['ConfigMap', 'Job']) {
      expect(one(resources, kind, 'jobs-jobherald-setup').metadata.annotations).toMatchObject({
        'helm.sh/hook': 'pre-install,pre-upgrade',
      });
    }
    expect(container(resources, 'Job', 'setup').args).toEqual(['setup', '--wait', '2m']);
    expect(chart({ 'setup.enabled': false }).some(({ kind }) => kind === 'Job')).toBe(false);
  });

  it('takes secrets by reference only, writes to nothing but /tmp, and bounds memory', () => {
    const resources = chart();
    expect(resources.some(({ kind }) => kind === 'Secret')).toBe(false);
    for (const [kind, component] of [
      ['Deployment', 'worker'],
      ['Deployment', 'gateway'],
      ['Job', 'setup'],
    ] as const) {
      const { env: variables, securityContext, resources: bounds } = container(resources, kind, component);
      expect(variables).toEqual([
        { name: 'JOBHERALD_TOKEN', valueFrom: { secretKeyRef: { name: 'jobherald', key: 'token' } } },
      ]);
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(bounds.limits.memory).toBe(component === 'worker' ? '512Mi' : '384Mi');
      expect(one(resources, kind, `jobs-jobherald-${component}`)['spec'].template.spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000 },
      });
    }
  });

  it('gives a worker 40 s to stop, and lets an eviction take one pod at a time', () => {
    const resources = chart();
    expect(one(resources, 'Deployment', 'jobs-jobherald-worker')['spec'].template.spec).toMatchObject({
      terminationGracePeriodSeconds: 40,
    });
    for (const component of ['worker', 'gateway']) {
      const budget = one(resources, 'PodDisruptionBudget', `jobs-jobherald-${component}`)['spec'];
      expect(budget.maxUnavailable).toBe(1);
      expect(
        one(resources, 'Deployment', `jobs-jobherald-${component}`)['spec'].template.metadata.labels,
      ).toMatchObject(budget.selector.matchLabels);
    }
  });

  it('scales the gateway by CPU, and workers by their task queues where KEDA is there, never to none', () => {
    const resources = chart(EVERYTHING);
    expect(one(resources, 'HorizontalPodAutoscaler', 'jobs-jobherald-gateway')['spec']).toMatchObject({
      minReplicas: 2,
    });
    const { minReplicaCount, triggers } = one(resources, 'ScaledObject', 'jobs-jobherald-worker')['spec'];
    expect(minReplicaCount).toBe(1);
    expect(triggers.map(({ metadata }: { metadata: { taskQueue: string } }) => metadata.taskQueue)).toEqual([
      'jobherald',
      'jobherald-questions',
      'jobherald-notices',
    ]);
    for (const component of ['worker', 'gateway'])
      expect(one(resources, 'Deployment', `jobs-jobherald-${component}`)['spec']).not.toHaveProperty('replicas');
    expect(() => chart({ 'worker.keda.minReplicas': 0 })).toThrow(/minReplicas/);
    // Where the Temporal Worker Controller runs the workers.
    expect(one(chart({ 'worker.replicas': 0 }), 'Deployment', 'jobs-jobherald-worker')['spec'].replicas).toBe(0);
  });

  it("keeps pods from the metadata server, and the gateway's port from those who are not named", () => {
    const { ingress, egress } = one(chart(EVERYTHING), 'NetworkPolicy', 'jobs-jobherald-gateway')['spec'];
    expect(egress[1].to.map(({ ipBlock }: { ipBlock: object }) => ipBlock)).toEqual([
      { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] },
      { cidr: '::/0', except: ['fd00:ec2::254/128'] },
    ]);
    expect(ingress[0].from).toEqual(EVERYTHING['networkPolicy.gatewayFrom']);
  });

  it('monitors with the very rules of deploy/monitoring', () => {
    const resources = chart(EVERYTHING);
    expect(one(resources, 'PrometheusRule')['spec']).toEqual(
      parse(readFileSync(join(ROOT, 'deploy/monitoring/alerts.yaml'), 'utf8')),
    );
    for (const component of ['worker', 'gateway']) {
      const { selector, endpoints } = one(resources, 'ServiceMonitor', `jobs-jobherald-${component}`)['spec'];
      expect(endpoints).toEqual([{ port: 'http', path: '/metrics', interval: '30s' }]);
      expect(one(resources, 'Service', `jobs-jobherald-${component}`).metadata['labels' as never]).toMatchObject(
        selector.matchLabels,
      );
    }
  });
});
