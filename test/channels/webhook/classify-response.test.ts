import { classifyResponse, type ResponseHeaders } from '../../../src/channels/webhook/classify-response';
import vectors from '../../vectors/outcome.json';

const now = Date.parse(vectors.now);
const cases = vectors.responses.map((vector) => ({
  ...vector,
  headers: (vector as { headers?: ResponseHeaders }).headers ?? {},
}));

test.each(cases)('$status with $headers is $outcome', ({ status, headers, outcome }) => {
  expect(classifyResponse(status, headers, now)).toEqual(outcome);
});

test('of all statuses only 200 to 299 are success', () => {
  const statuses = Array.from({ length: 800 }, (_, index) => 200 + index);
  const delivered = statuses.filter((status) => classifyResponse(status, {}, now).kind === 'delivered');
  expect(delivered).toEqual(statuses.slice(0, 100));
});
