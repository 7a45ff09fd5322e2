import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { createPayloadCodec } from '../../src/temporal/payload-codec';

const key = (id: string) => ({ id, key: randomBytes(32).toString('base64') });
const first = key('2026-01');
const second = key('2026-06');
const codecOf = (keys: readonly { readonly id: string; readonly key: string }[], encrypt = true) =>
  createPayloadCodec({ keys, encrypt });

const VALUE = { job: 'a job of ours', note: 'ünïcode' };
const plain = () => defaultPayloadConverter.toPayload(VALUE);
const read = (payload: Payload | undefined) => payload && defaultPayloadConverter.fromPayload(payload);
const textOf = ({ metadata, data }: Payload) =>
  Buffer.concat([...Object.values(metadata ?? {}), data ?? Buffer.of()]).toString('latin1');

describe('the payload codec', () => {
  it('hides a payload and what kind of payload it was, each time in other bytes', async () => {
    const codec = codecOf([first]);
    const [one, two] = (await codec.encode([plain(), plain()])) as [Payload, Payload];

    expect(textOf(one)).not.toMatch(/a job|json\/plain/);
    expect(textOf(one)).toContain('2026-01');
    expect(Buffer.from(one.data ?? []).equals(Buffer.from(two.data ?? []))).toBe(false);
    expect((await codec.decode([one, two])).map(read)).toEqual([VALUE, VALUE]);
  });

  it('encrypts with the first key and decrypts with all, so that a key can be changed', async () => {
    const old = await codecOf([first]).encode([plain()]);
    const rotated = codecOf([second, first]);

    expect(read((await rotated.decode(old))[0])).toEqual(VALUE);
    const young = await rotated.encode([plain()]);
    expect(read((await codecOf([first, second]).decode(young))[0])).toEqual(VALUE);
    expect(await codecOf([first]).decode(young)).toEqual(young);
  });

  it('encrypts nothing where it shall only decrypt', async () => {
    const payload = plain();
    expect(await codecOf([first], false).encode([payload])).toEqual([payload]);
    expect(read((await codecOf([first], false).decode(await codecOf([first]).encode([payload])))[0])).toEqual(VALUE);
  });

  it('hands back as it came what is not encrypted, and what it cannot decrypt', async () => {
    const [sealed] = (await codecOf([first]).encode([plain()])) as [Payload];
    const metadata = sealed.metadata ?? null;
    const torn = Buffer.from(sealed.data ?? []);
    torn[20] = (torn[20] ?? 0) ^ 1;
    const strange: Payload[] = [
      plain(),
      {},
      { metadata: null, data: null },
      { metadata, data: torn },
      { metadata, data: Buffer.from('short') },
      { metadata },
      { metadata: { encoding: Buffer.from('binary/encrypted') }, data: sealed.data ?? null },
    ];
    expect(await codecOf([first]).decode(strange)).toEqual(strange);
    expect(await codecOf([{ ...second, id: first.id }]).decode([sealed])).toEqual([sealed]);
  });
});
