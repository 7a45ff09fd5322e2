import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { parseAllDocuments } from 'yaml';
import { parseConfig } from '../../src/config/load-config';
import { findValidator, type Resource } from '../support/helm';

const SAMPLE = join(__dirname, '../../deploy/worker-controller/worker-deployment.yaml');
const resources = parseAllDocuments(readFileSync(SAMPLE, 'utf8')).map((document) => document.toJS() as Resource);
const one = (kind: string) => resources.find((each) => each.kind === kind) as Resource;

const object = (properties: object, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const text = { type: 'string' };
const delay = { type: 'string', pattern: '^([0-9]+(s|m|h))+$' };
/**
 * What the sample uses of the controller's definitions (temporal.io/v1alpha1, CustomResourceDefinitions `workerdeployments` and
 * `connections`, August 2026). They are no Go module that a test could read, and half a megabyte.
 */
const SPECS = {
  Connection: object({ hostPort: { type: 'string', pattern: '^[a-zA-Z0-9.-]+:[0-9]+$' } }),
  WorkerDeployment: object({
    replicas: { type: 'integer' },
    workerOptions: object({
      connectionRef: object({ name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' } }),
      temporalNamespace: text,
    }),
    rollout: object({
      strategy: { enum: ['Manual', 'AllAtOnce', 'Progressive'] },
      steps: {
        type: 'array',
        items: object({ rampPercentage: { type: 'integer', minimum: 1, maximum: 99 }, pauseDuration: delay }),
      },
    }),
    sunset: object({ scaledownDelay: delay, deleteDelay: delay }),
    template: { type: 'object' },
  }),
} as const;

describe('deploy/worker-controller', () => {
  it.each(Object.entries(SPECS))('has a %s of members that the controller defines', (kind, schema) => {
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    const { apiVersion, spec } = one(kind);
    expect([apiVersion, validate(spec), validate.errors]).toEqual(['temporal.io/v1alpha1', true, null]);
  });

  it('names the connection and the configuration that it brings along', () => {
    const { workerOptions, template } = one('WorkerDeployment')['spec'];
    expect(workerOptions.connectionRef.name).toBe(one('Connection').metadata.name);
    expect(template.spec.volumes[0].configMap.name).toBe(one('ConfigMap').metadata.name);
  });

  it('has pods that the Kubernetes schemas allow', () => {
    const validate = findValidator();
    if (!validate) throw new Error('kubernetes-validate cannot be installed: python3 -m pip is needed');
    const { metadata, spec } = one('WorkerDeployment');
    const { replicas, template } = spec;
    const selector = { matchLabels: template.metadata.labels };
    const asDeployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas, selector, template },
    };
    expect(validate([asDeployment, one('ConfigMap')])).toBe('');
  });

  it('has a configuration that jobherald takes with the variables that the controller sets', () => {
    const env = {
      TEMPORAL_ADDRESS: 'temporal-frontend.temporal:7233',
      TEMPORAL_NAMESPACE: 'jobs',
      TEMPORAL_DEPLOYMENT_NAME: 'jobs/jobherald',
      TEMPORAL_WORKER_BUILD_ID: 'jobherald-0.2.0-5d4f',
      ORDERS_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    };
    const { temporal, worker } = parseConfig(one('ConfigMap')['data']['jobherald.yaml'], { env, cwd: __dirname });
    expect(temporal.deployment).toEqual({
      name: 'jobs/jobherald',
      buildId: 'jobherald-0.2.0-5d4f',
      behavior: 'auto_upgrade',
    });
    const [container] = one('WorkerDeployment')['spec'].template.spec.containers;
    expect([worker.host, container.ports[0].containerPort]).toEqual(['0.0.0.0', worker.port]);
    const own = container.env.map(({ name }: { name: string }) => name);
    expect(own).toEqual(Object.keys(env).filter((name) => !name.startsWith('TEMPORAL_')));
  });
});
