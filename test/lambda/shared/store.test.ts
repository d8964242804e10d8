import { Store } from '../../../lambda/shared/store';
import { rejection } from '../../rehearsal/aws/support';
import { openSite, type Site } from '../account';

let site: Site;
beforeAll(async () => void (site = await openSite()));
afterAll(() => site.close());

test('what is not there is null, what is there comes back as it was', async () => {
  expect(await site.state.get('nothing.json')).toBeNull();
  const hostile = { name: `"'<&>\u2028 💾 ../\\`, nested: [null, 0, { a: '' }] };
  expect(await site.state.put('Gold/ä b.json', hostile)).toBe(true);
  expect((await site.state.get('Gold/ä b.json'))?.value).toEqual(hostile);
});

test('a condition that does not hold is told, not thrown', async () => {
  expect(await site.state.put('one.json', 1, 'absent')).toBe(true);
  expect(await site.state.put('one.json', 2, 'absent')).toBe(false);
  const first = (await site.state.get('one.json'))!;
  expect(await site.state.put('one.json', 3, { etag: first.etag })).toBe(true);
  expect(await site.state.put('one.json', 4, { etag: first.etag })).toBe(false);
  expect((await site.state.get('one.json'))?.value).toBe(3);
});

test('a version to replace that somebody removed meanwhile is a condition that does not hold', async () => {
  await site.state.put('two.json', 1);
  const { etag } = (await site.state.get('two.json'))!;
  await site.state.delete('two.json');
  expect(await site.state.put('two.json', 2, { etag })).toBe(false);
  expect(await site.state.get('two.json')).toBeNull();
});

test('any other trouble is thrown by its name', async () => {
  const elsewhere = new Store('elsewhere', site.s3);
  expect((await rejection(elsewhere.put('x', 1, 'absent'))).name).toBe('NoSuchBucket');
  expect((await rejection(elsewhere.get('x'))).name).toBe('NoSuchBucket');
});
