import { type Lookup, resolveTarget } from '../../../../src/channels/webhook/guard/resolve-target';

const NAME = 'https://orders.example.com/hooks?x=1';
const PUBLIC_ONLY = { allow: [], deny: [] };
const answering =
  (...addresses: string[]): Lookup =>
  async () =>
    addresses;
const nobody: Lookup = async (hostname) => {
  throw new Error(`asked for ${hostname}`);
};

test('passes all answers in their order if all are public', async () => {
  const target = await resolveTarget(NAME, PUBLIC_ONLY, answering('2606:4700::1', '8.8.8.8'));
  expect(target).toEqual({
    ok: true,
    origin: 'https://orders.example.com',
    path: '/hooks?x=1',
    addresses: ['2606:4700::1', '8.8.8.8'],
  });
});

test('refuses every answer if one is private', async () => {
  const target = await resolveTarget(NAME, PUBLIC_ONLY, answering('8.8.8.8', '10.0.0.1'));
  expect(target).toEqual({ ok: false, reason: 'blocked address 10.0.0.1 (private)' });
});

test('refuses an answer it cannot read', async () => {
  const target = await resolveTarget(NAME, PUBLIC_ONLY, answering('8.8.8.8', 'nonsense'));
  expect(target).toEqual({ ok: false, reason: 'blocked address nonsense (not an IP address)' });
});

test('passes a private answer that is allowed, unless it is denied', async () => {
  const allow = ['10.0.0.0/8'];
  expect(await resolveTarget(NAME, { allow, deny: [] }, answering('10.0.0.1', '8.8.8.8'))).toMatchObject({ ok: true });
  expect(await resolveTarget(NAME, { allow, deny: ['10.0.0.1'] }, answering('10.0.0.1'))).toEqual({
    ok: false,
    reason: 'blocked address 10.0.0.1 (in network.deny)',
  });
});

test('plain http needs every answer to be allowed', async () => {
  const url = 'http://receiver.internal/';
  const network = { allow: ['10.0.0.0/8'], deny: [] };
  expect(await resolveTarget(url, network, answering('10.0.0.1'))).toMatchObject({ ok: true });
  expect(await resolveTarget(url, network, answering('10.0.0.1', '8.8.8.8'))).toEqual({
    ok: false,
    reason: 'blocked address 8.8.8.8 (plain http needs it in network.allow)',
  });
});

test('asks no resolver for an address or for localhost', async () => {
  const network = { allow: ['127.0.0.0/8', '::1'], deny: [] };
  expect(await resolveTarget('https://8.8.8.8/', PUBLIC_ONLY, nobody)).toMatchObject({ ok: true });
  expect(await resolveTarget('http://localhost/', network, nobody)).toMatchObject({
    ok: true,
    addresses: ['127.0.0.1', '::1'],
  });
  expect(await resolveTarget('http://a.localhost/', { allow: ['::1'], deny: [] }, nobody)).toMatchObject({
    ok: true,
    addresses: ['::1'],
  });
  expect(await resolveTarget('https://localhost/', PUBLIC_ONLY, nobody)).toEqual({
    ok: false,
    reason: 'blocked address 127.0.0.1 (loopback)',
  });
});

test('an empty answer is an error', async () => {
  await expect(resolveTarget(NAME, PUBLIC_ONLY, answering())).rejects.toThrow('no address for orders.example.com');
});
