import type { MetricStore } from './store';

/** What Lambda itself says of one invocation, by function and of all functions together. */
export function functionInvoked(store: MetricStore, functionName: string, failed: boolean, at: Date): void {
  for (const dimensions of [{ FunctionName: functionName }, {}] as Record<string, string>[]) {
    const count = (name: string, value: number) =>
      store.put({ namespace: 'AWS/Lambda', name, dimensions }, value, 'Count', at);
    count('Invocations', 1);
    count('Errors', failed ? 1 : 0);
  }
}
