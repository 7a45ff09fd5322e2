import { tc3Authorization, tc3Signature } from '../../../src/providers/tencent-batch/tc3-signature';

/** The example of Tencent Cloud's own documentation of the signature, with the keys that it prints. */
const CREDENTIAL = {
  secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
};
const REQUEST = {
  headers: { 'content-type': 'application/json; charset=utf-8', host: 'cvm.tencentcloudapi.com' },
  payload: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
  timestamp: 1551113065,
  service: 'cvm',
};
const SIGNATURE = '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168';

test('signs as the published example does', () => {
  expect(tc3Signature(REQUEST, CREDENTIAL.secretKey)).toBe(SIGNATURE);
});

test('writes the Authorization header of the published example', () => {
  expect(tc3Authorization(REQUEST, CREDENTIAL)).toBe(
    'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, ' +
      `SignedHeaders=content-type;host, Signature=${SIGNATURE}`,
  );
});

test('signs headers in the order of their names, however they are given', () => {
  const { host, ...rest } = REQUEST.headers;
  expect(tc3Signature({ ...REQUEST, headers: { host, ...rest } }, CREDENTIAL.secretKey)).toBe(SIGNATURE);
});

test('takes the day in UTC', () => {
  const lateEvening = { ...REQUEST, timestamp: Date.UTC(2026, 0, 31, 23, 59, 59) / 1000 };
  expect(tc3Authorization(lateEvening, CREDENTIAL)).toContain('/2026-01-31/cvm/');
});

test.each<[string, Partial<typeof REQUEST>]>([
  ['body', { payload: '{"Limit": 2}' }],
  ['time', { timestamp: REQUEST.timestamp + 1 }],
  ['service', { service: 'batch' }],
  ['header', { headers: { ...REQUEST.headers, host: 'batch.tencentcloudapi.com' } }],
])('another %s has another signature', (_what, change) => {
  expect(tc3Signature({ ...REQUEST, ...change }, CREDENTIAL.secretKey)).not.toBe(SIGNATURE);
});
