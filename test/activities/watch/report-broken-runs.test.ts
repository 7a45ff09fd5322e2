import { whatFollows } from '../../../activities/watch/report-broken-runs';

test.each([
  ['job', /submit its job again/],
  ['scopeWatch', /by itself/],
  ['redelivery', /redeliver again/],
])('a broken run of type %s is logged with what to do about it', (type, advice) => {
  expect(whatFollows(type)).toMatch(advice);
});
