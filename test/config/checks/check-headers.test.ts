import { faultsOf } from '../faults-of';

const withHeader = (name: string, value: string) =>
  JSON.stringify({ endpoints: [{ name: 'a', url: 'https://a.example', headers: { [name]: value } }] });

describe('headers of an endpoint', () => {
  it.each([
    'webhook-id',
    'Webhook-Signature',
    'webhook-anything',
    'Idempotency-Key',
    'content-type',
    'Content-Length',
    'HOST',
    'ce-id',
    'ce-anything',
    'transfer-encoding',
    'Connection',
    'x y',
    'x:y',
  ])('must not hold %s', (name) => {
    expect(Object.keys(faultsOf(withHeader(name, 'a')))).toEqual([`/endpoints/0/headers/${name}`]);
  });

  it.each(['a\r\nx: b', 'a\n', '\r', 'a\u0000', 'snow ☃'])('must not have the value %j', (value) => {
    expect(Object.keys(faultsOf(withHeader('x-team', value)))).toEqual(['/endpoints/0/headers/x-team']);
  });

  it.each(['authorization', 'user-agent', 'x-team', 'webhooks', 'cell'])('may hold %s', (name) => {
    expect(faultsOf(withHeader(name, 'Bearer a, b; c=ü'))).toEqual({});
  });

  it('must not hold one name in two spellings', () => {
    const yaml = 'endpoints: [{ name: a, url: "https://a.example", headers: { x-a: b, X-A: c } }]';
    expect(Object.keys(faultsOf(yaml))).toEqual(['/endpoints/0/headers/X-A']);
  });
});
