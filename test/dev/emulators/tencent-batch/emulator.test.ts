import {
  startTencentBatchEmulator,
  type TencentBatchEmulator,
} from '../../../../src/dev/emulators/tencent-batch/emulator';
import { tc3Authorization } from '../../../../src/providers/tencent-batch/tc3-signature';

let emulator: TencentBatchEmulator;
beforeAll(async () => {
  emulator = await startTencentBatchEmulator();
  emulator.putJob({ JobId: 'job-8hrvpkow', JobState: 'RUNNING' });
});
afterAll(() => emulator.close());

interface Change {
  readonly headers?: Record<string, string>;
  readonly payload?: string;
  readonly timestamp?: number;
  readonly service?: string;
  readonly secretId?: string;
}

async function ask({
  headers = {},
  payload,
  timestamp = Math.floor(Date.now() / 1000),
  service = 'batch',
  secretId,
}: Change) {
  const signed = { 'content-type': 'application/json', host: new URL(emulator.origin).host };
  const body = '{"JobId":"job-8hrvpkow"}';
  const keys = { ...emulator.keys, ...(secretId !== undefined && { secretId }) };
  const response = await fetch(emulator.origin, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: tc3Authorization({ headers: signed, payload: body, timestamp, service }, keys),
      'x-tc-action': 'DescribeJob',
      'x-tc-version': '2017-03-12',
      'x-tc-timestamp': String(timestamp),
      ...headers,
    },
    body: payload ?? body,
  });
  const { Response } = (await response.json()) as { Response: { JobState?: string; Error?: { Code: string } } };
  return { status: response.status, said: Response.Error?.Code ?? Response.JobState };
}

test('answers a request that is signed well', async () => {
  await expect(ask({})).resolves.toEqual({ status: 200, said: 'RUNNING' });
});

test.each<[string, Change, string]>([
  ['has no signature', { headers: { authorization: '' } }, 'AuthFailure.InvalidAuthorization'],
  ['has another body than was signed', { payload: '{"JobId":"job-other"}' }, 'AuthFailure.SignatureFailure'],
  [
    'has another content type than was signed',
    { headers: { 'content-type': 'text/plain' } },
    'AuthFailure.SignatureFailure',
  ],
  ['is signed for another product', { service: 'cvm' }, 'AuthFailure.SignatureFailure'],
  ['is signed by somebody else', { secretId: 'AKIDother' }, 'AuthFailure.SecretIdNotFound'],
  ['is ten minutes old', { timestamp: Math.floor(Date.now() / 1000) - 600 }, 'AuthFailure.SignatureExpire'],
  [
    'claims another time than was signed',
    { headers: { 'x-tc-timestamp': String(Math.floor(Date.now() / 1000) - 60) } },
    'AuthFailure.SignatureFailure',
  ],
  ['wants another version', { headers: { 'x-tc-version': '2018-01-01' } }, 'NoSuchVersion'],
  ['wants an action that there is not', { headers: { 'x-tc-action': 'SubmitJob' } }, 'InvalidAction'],
])('refuses a request that %s, with HTTP 200 as Tencent does', async (_what, change, code) => {
  await expect(ask(change)).resolves.toEqual({ status: 200, said: code });
});
