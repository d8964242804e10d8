import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FunctionProcess } from '../../../rehearsal/functions/function-process';

const CODE = `export const handler = async ({ wait, exit, fail }) => {
  if (exit !== undefined) process.exit(exit);
  if (fail) throw Object.assign(new Error(fail), { name: 'Named' });
  await new Promise((resolve) => setTimeout(resolve, wait ?? 0));
  return { pid: process.pid, waited: wait ?? 0 };
};`;

let folder: string;
let subject: FunctionProcess;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rcv-'));
  const bundle = path.join(folder, 'index.mjs');
  writeFileSync(bundle, CODE);
  subject = new FunctionProcess({
    name: 'subject',
    bundle,
    bootstrap: path.resolve(__dirname, '../../../assets/command/bootstrap.mjs'),
    environment: {},
    timeoutSeconds: 1,
    logs: folder,
  });
});
afterEach(async () => {
  await subject.close();
  rmSync(folder, { recursive: true, force: true });
});

const answerOf = async (event: unknown) => JSON.parse((await subject.invoke(event)).payload) as Record<string, unknown>;

test('stays warm between invocations, and names what a handler throws', async () => {
  const { pid } = await answerOf({});
  expect(await answerOf({})).toEqual({ pid, waited: 0 });
  expect(await answerOf({ fail: 'why' })).toMatchObject({ errorType: 'Named', errorMessage: 'why' });
});

test('an overrun ends its process alone: an invocation that follows at once is answered by another', async () => {
  const { pid } = await answerOf({});
  expect(await answerOf({ wait: 5000 })).toMatchObject({ errorType: 'Sandbox.Timedout' });
  const next = await answerOf({ wait: 300 });
  expect(next).toMatchObject({ waited: 300 });
  expect(next.pid).not.toBe(pid);
});

test('a process that exits fails its invocation, and the next one gets a new process', async () => {
  expect(await answerOf({ exit: 3 })).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(await answerOf({})).toMatchObject({ waited: 0 });
});

test('closing answers what is under way with a failure', async () => {
  await subject.invoke({});
  const underWay = subject.invoke({ wait: 800 });
  await subject.close();
  expect((await underWay).functionError).toBe('Unhandled');
});
