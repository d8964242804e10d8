import Sequencer from '@jest/test-sequencer';

/** What takes minutes, the longest first: begun last, it would be waited for alone. */
const LONG = [
  'simulation/year',
  'rehearse/faults',
  'command/interruption',
  'test/rehearsal/',
  'test/simulation/',
  'lib/backup/',
];

export default class LongFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ path }) {
  const found = LONG.findIndex((part) => path.includes(`/${part}`));
  return found === -1 ? LONG.length : found;
}
