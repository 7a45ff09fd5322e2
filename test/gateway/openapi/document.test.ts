import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { closeGateways, JOB_PATH, type RunningGateway, SUBMISSION, startGateway } from '../harness';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId: string; responses: object }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let gateway: RunningGateway;
let document: Document;
beforeAll(async () => {
  // The name of the parameter, which is what the paths below are asked with.
  gateway = await startGateway({ callbackToken: 'callback_token' });
  document = (await (await gateway.fetch('/openapi.json')).json()) as Document;
});
afterAll(closeGateways);

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

function describedSchemas(): Ajv2020 {
  const ajv = addFormats(new Ajv2020({ strict: false }));
  return ajv.addSchema({ $id: 'https://example.com/openapi', ...document });
}

test('describes every route that there is, and no other', () => {
  const described = operations().map(({ path, method }) => `${method} ${path}`);
  const registered = gateway.gateway.routes
    .filter(({ method }) => method !== 'HEAD')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(described.sort()).toEqual(registered.sort());
});

test('describes routes that answer', async () => {
  for (const { path, method } of operations()) {
    const response = await gateway.fetch(path.replaceAll(/[{}]/g, ''), { method });
    const { detail } = response.status < 400 ? { detail: '' } : ((await response.json()) as { detail: string });
    expect({ path, method, detail }).not.toMatchObject({
      detail: expect.stringMatching(/^There is nothing at this path|is not possible here/),
    });
  }
});

test('has one operation ID each, and the parameters of each path', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations()) {
    const named = ((operation as { parameters?: { name: string; in: string }[] }).parameters ?? [])
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => `{${name}}`);
    expect(path.match(/{\w+}/g) ?? []).toEqual(named);
  }
});

test('has references only to components that are there, and schemas that compile', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) {
    expect(Object.keys(document.components.schemas)).toContain(reference?.replace('#/components/schemas/', ''));
  }
  const ajv = describedSchemas();
  for (const name of Object.keys(document.components.schemas)) {
    expect(ajv.getSchema(`https://example.com/openapi#/components/schemas/${name}`)).toBeInstanceOf(Function);
  }
});

test('describes the answers that really come', async () => {
  const ajv = describedSchemas();
  const valid = async (name: string, response: Response) => {
    const validate = ajv.getSchema(`https://example.com/openapi#/components/schemas/${name}`);
    expect(validate?.(await response.json())).toBe(true);
  };
  await valid('Job', await gateway.post('/v1/jobs', SUBMISSION));
  await valid('Job', await gateway.fetch(JOB_PATH));
  await valid('JobList', await gateway.fetch('/v1/jobs'));
  await valid('Problem', await gateway.post('/v1/jobs', { ...SUBMISSION, endpoint: 1 }));
  await valid('Problem', await gateway.fetch('/nowhere'));
});
