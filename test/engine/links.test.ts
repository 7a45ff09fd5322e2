import { parseConfig } from '../../src/config/load-config';
import { shownUrl } from '../../src/engine/links';

const shown = (endpoint: string) => {
  const [configured] = parseConfig(`endpoints: [{ name: a, ${endpoint} }]`, { env: {}, cwd: '/' }).endpoints;
  return configured && shownUrl(configured);
};

test.each([
  ['url: "https://a.example/hooks?token=s#x"', 'https://a.example/hooks'],
  ['type: kafka, brokers: ["b1:9092", "b2:9092"], topic: jobs.status', 'kafka://b1:9092,b2:9092/jobs.status'],
  ['type: rabbitmq, url: "amqps://u:p@h:5671/v?heartbeat=5", exchange: e, routing_key: k', 'amqps://h:5671/v'],
])('an endpoint { %s } is shown as %s', (endpoint, url) => {
  expect(shown(endpoint)).toBe(url);
});
