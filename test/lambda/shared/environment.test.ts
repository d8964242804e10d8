import { patience, required } from '../../../lambda/shared/environment';
import { drillNames } from '../../../lambda/shared/names';
import { PATIENCE as DEPLOYED } from '../../../lib/private/patience';

const before = process.env;
afterEach(() => void (process.env = before));

function withPatience(value: string | undefined) {
  process.env = { ...before, PATIENCE: value };
  if (value === undefined) delete process.env.PATIENCE;
  return patience;
}

test('what the site sets is what the functions read', () => {
  expect(withPatience(JSON.stringify(DEPLOYED))()).toEqual(DEPLOYED);
});

test.each(Object.keys(DEPLOYED))('a patience without a usable %s does not wait forever or not at all', (name) => {
  for (const value of [undefined, null, 0, -1, '30', NaN]) {
    expect(withPatience(JSON.stringify({ ...DEPLOYED, [name]: value }))).toThrow(`PATIENCE.${name} must be a positive`);
  }
});

test('an environment variable that is missing or empty is named', () => {
  process.env = { ...before, EMPTY: '' };
  for (const name of ['EMPTY', 'MISSING'])
    expect(() => required(name)).toThrow(`environment variable ${name} is not set`);
  expect(withPatience(undefined)).toThrow('environment variable PATIENCE is not set');
});

test('names fit RDS with the longest prefix, and differ by drill', () => {
  const prefix = `rcv-${'a'.repeat(20)}-12345678-`;
  const { instance } = drillNames(prefix, 'f'.repeat(20));
  expect(instance).toMatch(/^[a-z](-?[a-z0-9])*$/);
  expect(instance.length).toBeLessThanOrEqual(63);
  expect(drillNames(prefix, '0'.repeat(20)).instance).not.toBe(instance);
});
