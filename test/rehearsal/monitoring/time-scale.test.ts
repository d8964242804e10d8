import { FastClock, scaled } from '../../../rehearsal/monitoring/time-scale';
import { definition } from '../command/status/samples';

test('every span of what a monitor is told is as much shorter, and nothing else changes', () => {
  const told = definition(['gold/orders']);
  const [profile] = told.profiles;
  const source = { ...profile.sources[1], completionSeconds: 3600 };
  const whole = { ...told, profiles: [{ ...profile, regionLossRpoSeconds: 1200, sources: [source] }] };
  const short = scaled(whole, 60);
  expect(short).toEqual({
    ...whole,
    everySeconds: 5,
    profiles: [
      {
        ...{ ...profile, rpoSeconds: 15, regionLossRpoSeconds: 20 },
        sources: [{ ...source, allowedSeconds: 1560, completionSeconds: 60 }],
      },
    ],
    resources: [{ ...told.resources[0], provenSeconds: 10_080 }],
  });
  expect(scaled(told, 1)).toEqual(told);
});

test('time stands still until it begins, and then passes as much faster', () => {
  const start = Date.parse('2026-11-20T12:00:00Z');
  const clock = new FastClock(60, start);
  expect(clock.at(start + 5000)).toEqual(new Date(start));
  clock.begin();
  const begun = Date.now();
  const minute = clock.at(begun + 1000).getTime() - clock.at(begun).getTime();
  expect(minute).toBe(60_000);
  const line = `{"_aws":{"Timestamp":${begun + 1000},"CloudWatchMetrics":[]}}`;
  const there = JSON.parse(clock.line(line)) as { _aws: { Timestamp: number } };
  expect(there._aws.Timestamp).toBe(clock.at(begun + 1000).getTime());
  expect(clock.line('no metric')).toBe('no metric');
});
