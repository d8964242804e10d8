import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Deployed, Deployment } from '../template/deployment';
import { FunctionProcess, type InvocationAnswer } from './function-process';

export interface FunctionsOptions {
  readonly deployment: Deployment;
  /** The cloud assembly that the template is from, with its staged assets. */
  readonly cloudAssembly: string;
  /** The rehearsal's Lambda runtime, bundled. */
  readonly bootstrap: string;
  readonly logs: string;
  /** Set over the template's environment: endpoint, smaller patience, the rehearsal's evidence schema. */
  readonly environment: (deployed: Deployed) => Record<string, string>;
  /** Hears what each function prints, as CloudWatch does. */
  readonly onLine?: (line: string) => void;
}

/** The functions of a deployed template as child processes, found by name, ARN or version ARN. */
export class Functions {
  private readonly processes = new Map<string, FunctionProcess>();
  private closed = false;

  constructor(private readonly options: FunctionsOptions) {}

  /** A function that runs one of the bundled handlers; the template also holds none other. */
  async invoke(nameOrArn: string, event: unknown): Promise<InvocationAnswer> {
    if (this.closed) throw new Error(`function ${nameOrArn} is invoked after the rehearsal's end`);
    const deployed = this.find(nameOrArn);
    let process = this.processes.get(deployed.name);
    if (!process) this.processes.set(deployed.name, (process = this.create(deployed)));
    return process.invoke(JSON.parse(JSON.stringify(event)));
  }

  /** The function behind a name, an ARN or a version's ARN. */
  find(nameOrArn: string): Deployed {
    const name = nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[6] : nameOrArn.split(':')[0];
    const found = this.options.deployment.all('AWS::Lambda::Function').find((candidate) => candidate.name === name);
    if (!found) throw new Error(`the template holds no function ${nameOrArn}`);
    return found;
  }

  /** Ends every process, and what waits for it with a failure; from then on nothing can be invoked. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.processes.values()].map((process) => process.close()));
    this.processes.clear();
  }

  private create(deployed: Deployed): FunctionProcess {
    const template = (deployed.properties.Environment as { Variables?: Record<string, string> })?.Variables ?? {};
    return new FunctionProcess({
      name: deployed.name,
      ...codeOf(this.options.cloudAssembly, deployed),
      bootstrap: this.options.bootstrap,
      environment: { ...template, AWS_LAMBDA_FUNCTION_NAME: deployed.name, ...this.options.environment(deployed) },
      timeoutSeconds: Number(deployed.properties.Timeout ?? 3),
      logs: this.options.logs,
      onLine: this.options.onLine,
    });
  }
}

/** The asset that the template itself names: `<hash>.zip` in the asset bucket is the folder `asset.<hash>` beside it. */
function codeOf(cloudAssembly: string, deployed: Deployed): { readonly bundle: string; readonly handler: string } {
  const key = String((deployed.properties.Code as { S3Key?: string })?.S3Key ?? '');
  const [module, handler] = String(deployed.properties.Handler).split('.');
  const file = path.join(cloudAssembly, `asset.${key.replace(/\.zip$/, '')}`, module);
  const bundle = ['.mjs', '.js'].map((extension) => file + extension).find((each) => existsSync(each));
  if (!bundle) throw new Error(`no code for function ${deployed.logicalId}: ${file} does not exist`);
  return { bundle, handler };
}
