import { isIP } from 'node:net';
import fc from 'fast-check';
import { parseIp } from '../../../../src/channels/webhook/guard/parse-ip';

/** Texts that look like addresses, right and wrong ones. */
const lookalikes = fc.oneof(
  fc.stringMatching(/^[0-9]{1,4}(\.[0-9]{1,4}){2,4}$/),
  fc.stringMatching(/^[0-9a-f]{0,5}(:[0-9a-f]{0,5}){1,9}$/),
  fc.stringMatching(/^[0-9a-f:]{1,20}(:[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})?$/),
  fc.ipV4(),
  fc.ipV6(),
  fc.string(),
);

test('takes for an address exactly what Node takes for one', () => {
  fc.assert(
    fc.property(lookalikes, (text) => {
      fc.pre(!text.includes('%'));
      expect(parseIp(text)?.version ?? 0).toBe(isIP(text));
    }),
    { numRuns: 2000 },
  );
});

test('reads the same number from an IPv6 address and from its WHATWG spelling', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      expect(parseIp(new URL(`http://[${text}]/`).hostname.slice(1, -1))).toEqual(parseIp(text));
    }),
  );
});

test('reads the bits in network order', () => {
  expect(parseIp('1.2.3.4')).toEqual({ version: 4, value: 0x01020304n });
  expect(parseIp('1:2::ffff:1.2.3.4')).toEqual({ version: 6, value: 0x0001_0002_0000_0000_0000_ffff_0102_0304n });
  expect(parseIp('::')).toEqual({ version: 6, value: 0n });
});

test('ignores a zone', () => {
  expect(parseIp('fe80::1%eth0')).toEqual(parseIp('fe80::1'));
});
