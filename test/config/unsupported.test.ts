import { faultsOf } from './faults-of';

describe('what this version does not support', () => {
  it.each(['tencent-batch', 'monai', 'spec-001'])(
    'says so once of the provider %s, whatever its section holds',
    (name) => {
      expect(faultsOf(`providers: { ${name}: { anything: 1 } }`)).toEqual({
        [`/providers/${name}`]: `the provider ${name} is not supported by this version; leave it out`,
      });
    },
  );

  it.each(['kafka', 'rabbitmq'])('says so once of the channel %s, whatever its endpoint holds', (type) => {
    expect(
      faultsOf(`endpoints: [{ name: a, type: ${type}, brokers: [b], url: "amqp://b", format: spec-001 }]`),
    ).toEqual({
      '/endpoints/0/type': `the channel ${type} is not supported by this version; leave it out`,
    });
  });

  it('says so of a format', () => {
    expect(faultsOf('endpoints: [{ name: a, url: "https://a.example", format: monai }]')).toEqual({
      '/endpoints/0/format': 'the format monai is not supported by this version; leave it out',
    });
  });
});
