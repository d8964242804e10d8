import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Deployed } from '../../rehearsal/template/deployment';
import { HOME } from './app';
import type { DeployedApp } from './deployed-app';
import { SimulatedFunction, type SimulatedAnswer } from './simulated-function';

/** The functions of a deployed app, each in a process of its own from its first invocation on. */
export class SimulatedFunctions {
  /** What failed. */
  readonly failures: { readonly at: Date; readonly function: string; readonly said: string }[] = [];
  private readonly processes = new Map<string, SimulatedFunction>();
  private readonly all: readonly Deployed[];

  constructor(private readonly app: DeployedApp) {
    this.all = app.deployment.all('AWS::Lambda::Function');
  }

  /** By name or ARN. */
  find(nameOrArn: string): Deployed {
    const found = this.all.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
    if (!found) throw new Error(`there is no function ${nameOrArn}`);
    return found;
  }

  /** Runs one, and lets CloudWatch hear of it. */
  async invoke(deployed: Deployed, event: unknown, at: Date): Promise<SimulatedAnswer> {
    let process = this.processes.get(deployed.name);
    if (!process) this.processes.set(deployed.name, (process = this.start(deployed)));
    const answer = await process.invoke(event, at);
    const { cloudWatch } = this.app.home;
    cloudWatch.invoked(deployed.name, answer.functionError !== undefined, at);
    cloudWatch.ingest(answer.log, at);
    if (answer.functionError) this.failures.push({ at, function: deployed.logicalId, said: answer.payload });
    return answer;
  }

  close(): void {
    for (const one of this.processes.values()) one.close();
  }

  private start(deployed: Deployed): SimulatedFunction {
    const { Variables = {} } = (deployed.properties.Environment ?? {}) as { Variables?: Record<string, string> };
    return new SimulatedFunction({
      name: deployed.name,
      bundle: path.join(this.codeOf(deployed), 'index.mjs'),
      environment: {
        ...Variables,
        AWS_LAMBDA_FUNCTION_NAME: deployed.name,
        AWS_REGION: HOME,
        AWS_ENDPOINT_URL: this.app.home.aws.url,
        AWS_ACCESS_KEY_ID: deployed.logicalId,
        AWS_SECRET_ACCESS_KEY: deployed.logicalId,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        POWERTOOLS_LOG_LEVEL: 'ERROR',
      },
    });
  }

  /** Assets are not staged: the assembly says where their folders are. */
  private codeOf({ properties }: Deployed): string {
    const { cloudAssembly } = this.app;
    const hash = String((properties.Code as { S3Key?: string }).S3Key).replace(/\.zip$/, '');
    for (const file of readdirSync(cloudAssembly).filter((name) => name.endsWith('.assets.json'))) {
      const { files } = JSON.parse(readFileSync(path.join(cloudAssembly, file), 'utf8')) as {
        files: Record<string, { source: { path: string } }>;
      };
      if (files[hash]) return path.resolve(cloudAssembly, files[hash].source.path);
    }
    throw new Error(`the assembly has no asset ${hash}`);
  }
}
