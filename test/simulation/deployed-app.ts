import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CloudWatchOptions, Faults } from '../../rehearsal/aws';
import { openAws, type AwsOfSite } from '../../rehearsal/rehearse/aws';
import { Deployment } from '../../rehearsal/template/deployment';
import { readTemplate } from '../../rehearsal/template/template';
import { ELSEWHERE, HOME, synthesize, type SimulatedApp } from './app';
import { simulatedEngine } from './engine';

/** Moments become restorable when the simulation says so. */
const NEVER = 1_000_000;

export interface DeployedApp {
  readonly cloudAssembly: string;
  readonly deployment: Deployment;
  readonly home: AwsOfSite;
  /** The Region that copies go to, where there is one. */
  readonly there?: AwsOfSite;
  readonly engine: ReturnType<typeof simulatedEngine>;
  /** Of the home Region. */
  readonly faults: Faults;
  close(): Promise<void>;
}

/** Deploys an app into an account in which it is as late as a clock says. */
export async function deploy(
  app: SimulatedApp,
  clock: () => Date,
  act: CloudWatchOptions['act'],
): Promise<DeployedApp> {
  const cloudAssembly = synthesize(app);
  const folder = mkdtempSync(path.join(tmpdir(), 'simulation-'));
  const engine = simulatedEngine(clock);
  const faults: Faults = {};
  const common = { engine, clock, lagSeconds: NEVER, invoke: async () => undefined };
  const deploymentOf = (stack: string, region: string, before: Deployment[] = []) =>
    new Deployment(
      readTemplate(path.join(cloudAssembly, `${stack}.template.json`)),
      { stack, region, account: '111122223333' },
      before,
    );
  const deploymentThere = app.regionLossRpo && deploymentOf('There', ELSEWHERE);
  const there =
    deploymentThere &&
    (await openAws({ ...common, deployment: deploymentThere, faults: {}, folder: path.join(folder, ELSEWHERE) }));
  const deployment = deploymentOf('Home', HOME, deploymentThere && [deploymentThere]);
  const elsewhere = there ? [there] : [];
  const home = await openAws({ ...common, deployment, faults, folder: path.join(folder, HOME), elsewhere, act });
  const close = async () => {
    for (const account of [home, ...elsewhere]) {
      await account.rds.close();
      await account.aws.close();
    }
    rmSync(folder, { recursive: true, force: true });
    expect(home.aws.problems).toEqual([]);
  };
  return { cloudAssembly, deployment, home, there, engine, faults, close };
}
