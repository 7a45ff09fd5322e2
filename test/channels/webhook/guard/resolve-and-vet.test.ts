import { type Lookup, resolveAndVet } from '../../../../src/channels/webhook/guard/resolve-and-vet';

const NAME = new URL('https://orders.example.com/');
const PUBLIC_ONLY = { allow: [], deny: [] };
const answering =
  (...addresses: string[]): Lookup =>
  async () =>
    addresses;
const nobody: Lookup = async (hostname) => {
  throw new Error(`asked for ${hostname}`);
};

test('passes all answers in their order where all are public', async () => {
  const vetted = await resolveAndVet(NAME, PUBLIC_ONLY, answering('2606:4700::1', '8.8.8.8'));
  expect(vetted).toEqual({ ok: true, addresses: ['2606:4700::1', '8.8.8.8'] });
});

test('refuses every answer where one is private', async () => {
  const vetted = await resolveAndVet(NAME, PUBLIC_ONLY, answering('8.8.8.8', '10.0.0.1'));
  expect(vetted).toEqual({ ok: false, reason: 'blocked address 10.0.0.1 (private)' });
});

test('refuses an answer it cannot read', async () => {
  const vetted = await resolveAndVet(NAME, PUBLIC_ONLY, answering('8.8.8.8', 'nonsense'));
  expect(vetted).toEqual({ ok: false, reason: 'blocked address nonsense (not an IP address)' });
});

test('passes a private answer that is allowed, unless it is denied', async () => {
  const allow = ['10.0.0.0/8'];
  expect(await resolveAndVet(NAME, { allow, deny: [] }, answering('10.0.0.1', '8.8.8.8'))).toMatchObject({ ok: true });
  expect(await resolveAndVet(NAME, { allow, deny: ['10.0.0.1'] }, answering('10.0.0.1'))).toEqual({
    ok: false,
    reason: 'blocked address 10.0.0.1 (in network.deny)',
  });
});

test('plain http needs every answer to be allowed', async () => {
  const url = new URL('http://receiver.internal/');
  const network = { allow: ['10.0.0.0/8'], deny: [] };
  expect(await resolveAndVet(url, network, answering('10.0.0.1'))).toMatchObject({ ok: true });
  expect(await resolveAndVet(url, network, answering('10.0.0.1', '8.8.8.8'))).toEqual({
    ok: false,
    reason: 'blocked address 8.8.8.8 (plain http needs it in network.allow)',
  });
});

test('asks no resolver for an address or for localhost', async () => {
  const network = { allow: ['127.0.0.0/8', '::1'], deny: [] };
  expect(await resolveAndVet(new URL('https://8.8.8.8/'), PUBLIC_ONLY, nobody)).toMatchObject({ ok: true });
  expect(await resolveAndVet(new URL('http://localhost/'), network, nobody)).toEqual({
    ok: true,
    addresses: ['127.0.0.1', '::1'],
  });
  expect(await resolveAndVet(new URL('http://a.localhost/'), { allow: ['::1'], deny: [] }, nobody)).toEqual({
    ok: true,
    addresses: ['::1'],
  });
  expect(await resolveAndVet(new URL('https://localhost/'), PUBLIC_ONLY, nobody)).toEqual({
    ok: false,
    reason: 'blocked address 127.0.0.1 (loopback)',
  });
});

test('an empty answer is an error', async () => {
  await expect(resolveAndVet(NAME, PUBLIC_ONLY, answering())).rejects.toThrow('no address for orders.example.com');
});
