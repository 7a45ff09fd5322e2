import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCallback, readCancellation, readDispatch } from '../../../src/providers/monai/messages';

type Json = Record<string, unknown>;
const fixture = (name: string): Json =>
  JSON.parse(readFileSync(join(__dirname, '../../fixtures/monai', `${name}.json`), 'utf8'));
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body));
const invalidReason = (read: { kind: string; reason?: string }) => (read.kind === 'invalid' ? read.reason : 'valid');

describe('a dispatch', () => {
  test('keeps what an update needs, and no credential, plug-in argument or input', () => {
    const read = readDispatch(bytes(fixture('dispatch')));
    expect(read).toEqual({
      kind: 'read',
      value: {
        workflow_instance_id: '2f0ec1a6-3a1f-4d6e-9c57-1b1a6b6a1c11',
        task_id: 'lung-seg',
        execution_id: '5c8f5e0e-54a4-4a86-9f43-bb1a8e1f7f02',
        correlation_id: 'c3c2bb0d-3bb7-4b0f-8a0b-64a4d1f0e003',
        payload_id: 'e0a4a7d7-0d47-4a83-8f66-4a7f8a5d6f04',
        type: 'argo',
        outputs: [
          {
            name: 'segmentation',
            endpoint: 'minio:9000',
            bucket: 'monaideploy',
            secured_connection: false,
            relative_root_path: '/payload/workflows/seg',
          },
        ],
      },
    });
    expect(JSON.stringify(read)).not.toMatch(/KEY|SECRET|SESSION|TOKEN/);
  });

  test.each(['task_id', 'execution_id', 'correlation_id', 'payload_id', 'type'])('without %s is invalid', (name) => {
    for (const value of [undefined, '', '  ', 7]) {
      expect(invalidReason(readDispatch(bytes({ ...fixture('dispatch'), [name]: value })))).toBe(
        `missing or empty: ${name}`,
      );
    }
  });

  test('names its plug-in in any case', () => {
    expect(readDispatch(bytes({ ...fixture('dispatch'), type: 'Argo' }))).toMatchObject({ value: { type: 'argo' } });
  });

  test('loses credentials at any depth, in any spelling', () => {
    const output = {
      name: 'o',
      nested: [{ Credentials: { a: 'S1' }, accessKey: 'S2', 'session-token': 'S3', fine: 1 }],
    };
    const read = readDispatch(bytes({ ...fixture('dispatch'), outputs: [output, 'no object'] }));
    expect(read).toMatchObject({ value: { outputs: [{ name: 'o', nested: [{ fine: 1 }] }] } });
    expect(JSON.stringify(read)).not.toMatch(/S[123]/);
  });
});

describe('a callback', () => {
  test('is read behind a byte order mark, and integers in its metadata keep their digits', () => {
    const text = JSON.stringify({ ...fixture('callback'), metadata: { series: 0 } }).replace(
      '"series":0',
      '"series":1234567890123456789',
    );
    expect(readCallback(Buffer.from(`\uFEFF${text}`))).toMatchObject({
      kind: 'read',
      value: { metadata: { series: '1234567890123456789' } },
    });
  });

  test("is read in today's names and in those of older systems", () => {
    const today = readCallback(bytes(fixture('callback')));
    const older = readCallback(bytes(fixture('callback-older')));
    expect(today).toMatchObject({ value: { identity: 'md-lung-seg-7xk2p', metadata: { acceptance: true } } });
    expect(older).toMatchObject({
      value: {
        workflow_instance_id: '2f0ec1a6-3a1f-4d6e-9c57-1b1a6b6a1c11',
        identity: 'md-lung-seg-7xk2p',
        metadata: {},
      },
    });
  });

  test.each([
    ['not JSON', Buffer.from('{'), 'the body is not JSON'],
    ['a list', bytes([]), 'the body is not a JSON object'],
    ['null', bytes(null), 'the body is not a JSON object'],
    ['a number', bytes(7), 'the body is not a JSON object'],
  ])('that is %s is invalid', (_, body, reason) => {
    expect(invalidReason(readCallback(body))).toBe(reason);
  });

  test.each(['task_id', 'execution_id', 'correlation_id', 'identity'])('without %s is invalid', (name) => {
    for (const value of [undefined, '', null]) {
      expect(invalidReason(readCallback(bytes({ ...fixture('callback'), [name]: value })))).toContain(name);
    }
  });

  test('without any workflow id is invalid', () => {
    const { workflow_instance_id: _, ...body } = fixture('callback');
    expect(invalidReason(readCallback(bytes(body)))).toBe('missing or empty: workflow_instance_id');
  });

  test.each(['A', 'a_b', '../x', '..', '.', 'a/b', 'a b', 'x'.repeat(64)])(
    'with the identity %p is invalid',
    (identity) => {
      expect(invalidReason(readCallback(bytes({ ...fixture('callback'), identity })))).toContain('identity');
    },
  );

  test.each([[[]], ['text'], [null], [7]])('with the metadata %p is invalid', (metadata) => {
    expect(invalidReason(readCallback(bytes({ ...fixture('callback'), metadata })))).toBe('metadata is not an object');
  });

  test('loses credentials in its metadata', () => {
    const metadata = { store: { credentials: { access_key: 'S' }, access_token: 'S', kept: 1 } };
    expect(readCallback(bytes({ ...fixture('callback'), metadata }))).toMatchObject({
      value: { metadata: { store: { kept: 1 } } },
    });
  });
});

test('a cancellation needs no correlation id, and any identity will do', () => {
  expect(readCancellation(bytes(fixture('cancellation')))).toMatchObject({
    value: { execution_id: '5c8f5e0e-54a4-4a86-9f43-bb1a8e1f7f02', identity: 'executor' },
  });
  expect(invalidReason(readCancellation(bytes({ ...fixture('cancellation'), execution_id: '' })))).toBe(
    'missing or empty: execution_id',
  );
});
