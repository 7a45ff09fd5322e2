import fc from 'fast-check';
import { classifyAddress } from '../../../../src/channels/webhook/guard/classify-address';
import { type IpAddress, parseIp } from '../../../../src/channels/webhook/guard/ip-address';
import vectors from '../../../vectors/guard.json';

const classify = (address: string) => classifyAddress(parseIp(address) as IpAddress);

test.each(vectors.addresses)('$address: public $public $range', ({ address, ...verdict }) => {
  expect(classify(address)).toEqual(verdict);
});

const toNumber = (ip: IpAddress) => BigInt(`0x${Buffer.from(ip.toByteArray()).toString('hex')}`);
const hex = (value: bigint) => value.toString(16);
/** How an IPv4 address, as a number, is carried by each form of IPv6. */
const CARRIERS: Readonly<Record<string, (ipv4: bigint) => string>> = {
  'IPv4-mapped': (ip) => `::ffff:${hex(ip >> 16n)}:${hex(ip & 0xffffn)}`,
  NAT64: (ip) => `64:ff9b::${hex(ip >> 16n)}:${hex(ip & 0xffffn)}`,
  '6to4': (ip) => `2002:${hex(ip >> 16n)}:${hex(ip & 0xffffn)}::1`,
  'Teredo client': (ip) => `2001:0:808:808::${hex((ip >> 16n) ^ 0xffffn)}:${hex((ip & 0xffffn) ^ 0xffffn)}`,
  'Teredo server': (ip) => `2001:0:${hex(ip >> 16n)}:${hex(ip & 0xffffn)}::f7f7:f7f7`,
};

test.each(Object.entries(CARRIERS))('%s is public exactly where the address it carries is', (_, carry) => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.constantFrom('127.0.0.1', '10.1.2.3', '169.254.169.254')), (text) => {
      const ipv4 = parseIp(text) as IpAddress;
      expect(classify(carry(toNumber(ipv4))).public).toBe(classifyAddress(ipv4).public);
    }),
  );
});

test('nothing outside 2000::/3 is public but a carrier of IPv4', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const ip = parseIp(text) as IpAddress;
      const value = toNumber(ip);
      const carrier = value >> 32n === 0xffffn || value >> 32n === 0x64_ff9b_0000_0000_0000_0000n;
      fc.pre(value >> 125n !== 1n && !carrier);
      expect(classifyAddress(ip).public).toBe(false);
    }),
  );
});
