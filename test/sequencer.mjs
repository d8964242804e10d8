import Sequencer from '@jest/test-sequencer';

/** What takes minutes is begun first, else it would be waited for alone. */
const LONGEST = ['rehearse/faults', 'command/interruption', 'command/backup-now'];

/** These wait for servers and processes half of their time. */
const WAITING = '/test/rehearsal/';

/** The longest first, then what waits among what works, so that no processor is idle. */
export default class Interleaved extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const longest = LONGEST.flatMap((part) => sorted.filter(({ path }) => path.includes(part)));
    const others = sorted.filter((test) => !longest.includes(test));
    const waiting = others.filter(({ path }) => path.includes(WAITING));
    const working = others.filter((test) => !waiting.includes(test));
    const each = Math.ceil(working.length / Math.max(1, waiting.length));
    const mixed = waiting.flatMap((test, i) => [test, ...working.slice(i * each, (i + 1) * each)]);
    return [...longest, ...mixed, ...working.slice(waiting.length * each)];
  }
}
