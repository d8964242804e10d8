import { resolveAccountNames } from './account-names';

/**
 * The Lambda runtime of the rehearsal: one process per function. Imports the bundle that ships and answers one event at a
 * time, each answer through JSON, as the real runtime does.
 */
interface Invocation {
  readonly id: number;
  readonly event: unknown;
  readonly functionName: string;
}

type Handlers = Record<string, (event: unknown, context: unknown) => Promise<unknown>>;

resolveAccountNames();

const [, , bundle, name = 'handler'] = process.argv;
const imported = import(bundle) as Promise<Handlers & { readonly default?: Handlers }>;

process.on('disconnect', () => process.exit(0));
process.on('message', async ({ id, event, functionName }: Invocation) => {
  try {
    const module = await imported;
    // A CommonJS module that names its exports only when it runs has them below `default`.
    const handler = module[name] ?? module.default?.[name];
    const result = await handler(event, { functionName, awsRequestId: String(id), functionVersion: '1' });
    process.send?.({ id, payload: JSON.stringify(result ?? null) });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const failure = { errorType: name, errorMessage: message, trace: stack?.split('\n') ?? [] };
    process.send?.({ id, payload: JSON.stringify(failure), functionError: 'Unhandled' });
  }
});
