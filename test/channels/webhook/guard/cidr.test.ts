import { BlockList } from 'node:net';
import fc from 'fast-check';
import { contains, parseCidr } from '../../../../src/channels/webhook/guard/cidr';
import { type IpAddress, parseIp } from '../../../../src/channels/webhook/guard/parse-ip';

const within = (cidr: string, address: string) => {
  const block = parseCidr(cidr);
  if (block === undefined) throw new Error(`no CIDR: ${cidr}`);
  return contains(block, parseIp(address) as IpAddress);
};

test('agrees with Node about what is inside a block', () => {
  const sample = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV4());
  fc.assert(
    fc.property(sample, ([net, length, address]) => {
      const list = new BlockList();
      list.addSubnet(net, length, 'ipv4');
      expect(within(`${net}/${length}`, address)).toBe(list.check(address, 'ipv4'));
      expect(within(`${net}/${length}`, net)).toBe(true);
    }),
  );
});

test('reads one address as the block of it alone', () => {
  expect(within('10.0.0.1', '10.0.0.1')).toBe(true);
  expect(within('10.0.0.1', '10.0.0.2')).toBe(false);
  expect(within('::1', '::1')).toBe(true);
});

test('reads a block of IPv4-mapped addresses as the IPv4 block', () => {
  expect(within('::ffff:10.0.0.0/104', '10.255.0.1')).toBe(true);
});

test('a block of one family holds no address of the other', () => {
  expect(within('0.0.0.0/0', '::1')).toBe(false);
  expect(within('::/0', '127.0.0.1')).toBe(false);
});

test.each([
  '',
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/08',
  '10.0.0.0/8/8',
  '10.0/8',
  'a.example/8',
  'fe80::%eth0/64',
])('refuses %p', (text) => expect(parseCidr(text)).toBeUndefined());
