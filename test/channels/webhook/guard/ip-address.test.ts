import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { contains, type IpAddress, parseCidr, parseIp } from '../../../../src/channels/webhook/guard/ip-address';

/** Texts that look like addresses, right and wrong ones. */
const lookalikes = fc.oneof(
  fc.stringMatching(/^[0-9]{1,4}(\.[0-9]{1,4}){2,4}$/),
  fc.stringMatching(/^[0-9a-f]{0,5}(:[0-9a-f]{0,5}){1,9}$/),
  fc.stringMatching(/^[0-9a-f:]{1,20}(:[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})?$/),
  fc.ipV4(),
  fc.ipV6(),
  fc.string(),
);

describe('parseIp', () => {
  test('takes for an address exactly what Node.js takes for one', () => {
    fc.assert(
      fc.property(lookalikes, (text) => {
        fc.pre(!text.includes('%'));
        expect(versionOf(parseIp(text))).toBe(isIP(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('reads the same bytes from an IPv6 address and from its WHATWG spelling', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const spelled = new URL(`http://[${text}]/`).hostname.slice(1, -1);
        expect(parseIp(spelled)?.toByteArray()).toEqual(parseIp(text)?.toByteArray());
      }),
    );
  });

  test('reads the bytes in network order', () => {
    expect(parseIp('1.2.3.4')?.toByteArray()).toEqual([1, 2, 3, 4]);
    expect(parseIp('1:2::ffff:1.2.3.4')?.toByteArray()).toEqual([0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]);
    expect(parseIp('::')?.toByteArray()).toEqual(new Array(16).fill(0));
  });

  test('ignores a zone', () => {
    expect(parseIp('fe80::1%eth0')).toEqual(parseIp('fe80::1'));
  });
});

describe('parseCidr', () => {
  test('agrees with Node.js about what is inside a block', () => {
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

  test('a block of one family contains no address of the other', () => {
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
});

function versionOf(ip: IpAddress | undefined): number {
  return ip === undefined ? 0 : ip.kind() === 'ipv4' ? 4 : 6;
}

function within(cidr: string, address: string): boolean {
  const block = parseCidr(cidr);
  if (block === undefined) throw new Error(`not a CIDR: ${cidr}`);
  return contains(block, parseIp(address) as IpAddress);
}
