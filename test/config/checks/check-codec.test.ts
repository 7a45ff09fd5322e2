import { configOf, faultsOf } from '../faults-of';

const KEY = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const codec = (...keys: string[]) => `temporal: { codec: { keys: [${keys.join(', ')}] } }`;

describe('temporal.codec', () => {
  it('takes keys of 32 bytes, and encrypts unless it is told not to', () => {
    expect(configOf(codec(`{ id: a, key: "${KEY}" }`)).temporal.codec).toEqual({
      keys: [{ id: 'a', key: KEY }],
      encrypt: true,
    });
    expect(configOf('').temporal.codec).toBeUndefined();
  });

  it.each([
    [[`{ id: a, key: "${KEY.slice(4)}" }`], '/temporal/codec/keys/0/key', 'decodes to 29 bytes'],
    [[`{ id: a, key: "${KEY}" }`, '{ id: b, key: "not base64!" }'], '/temporal/codec/keys/1/key', 'is not base64'],
    [[`{ id: a, key: "${KEY}" }`, `{ id: a, key: "${KEY}" }`], '/temporal/codec/keys/1/id', 'keys/0'],
    [[`{ id: "a b", key: "${KEY}" }`], '/temporal/codec/keys/0/id', ''],
    [['{ id: a }'], '/temporal/codec/keys/0/key', 'required'],
    [[], '/temporal/codec/keys', ''],
  ])('names a faulty key, and quotes none: %s', (keys, pointer, text) => {
    const faults = faultsOf(codec(...keys));
    expect(Object.keys(faults)).toEqual([pointer]);
    expect(faults[pointer]).toContain(text);
    expect(faults[pointer]).not.toMatch(/MDEy|not base64!/);
  });
});

describe('codec_server', () => {
  it('serves the pages of the Web UI on loopback', () => {
    expect(configOf('temporal: { ui: "https://temporal.example/ui" }').codecServer).toEqual({
      host: '127.0.0.1',
      port: 8082,
      token: '',
      origins: ['https://temporal.example'],
    });
  });

  it('needs a token off loopback', () => {
    expect(Object.keys(faultsOf('codec_server: { host: 0.0.0.0 }'))).toEqual(['/codec_server/token']);
    expect(faultsOf('codec_server: { host: 0.0.0.0, token: a-token, origins: ["https://a.example"] }')).toEqual({});
    expect(Object.keys(faultsOf('codec_server: { origins: ["https://a.example/"] }'))).toEqual([
      '/codec_server/origins/0',
    ]);
  });
});
