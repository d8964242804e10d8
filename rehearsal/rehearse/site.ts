import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DrillDefinition } from '../../lib/private/contract/drill';
import type { Patience } from '../../lambda/shared/environment';
import { assetsFolder } from '../package-root';
import type { DatabaseEngine } from '../database-engine';
import type { BackupRule, Faults, RunningAws } from '../aws';
import { accountEndpoint } from '../functions/account-names';
import { Functions } from '../functions/functions';
import { Machine, type RunningExecution } from '../machine/machine';
import type { Deployed } from '../template/deployment';
import { Deployment } from '../template/deployment';
import { readTemplate } from '../template/template';
import { openAws, type AwsOfSite } from './aws';
import { publishEnd } from './event-bridge';
import { ACCOUNT, WATERMARK } from './settings';

export interface SiteOptions {
  readonly engine: DatabaseEngine;
  /** Scratch folder of this rehearsal: buckets and logs. */
  readonly folder: string;
  readonly patience: Patience;
  /** Consulted at every call; change its members between drills. */
  readonly faults: Faults;
  /** The cloud assembly to deploy; default: the packed example. */
  readonly cloudAssembly?: string;
  readonly stack?: string;
  readonly region?: string;
  /** Sites of the same app in other Regions, deployed before: this one reads their outputs and copies into their vaults. */
  readonly elsewhere?: readonly RehearsedSite[];
}

/** A schedule of the template: what a drill is started by. */
export interface DrillSchedule {
  readonly name: string;
  readonly definition: DrillDefinition;
}

type RuleOfPlan = BackupRule & { readonly TargetBackupVault: string };

/** Where the packed example is. */
export const STACK = 'RecoverableExample';
export const REGION = 'eu-west-1';

/** The synthesized site, deployed onto this machine: its functions, machine, roles, schedules and buckets. */
export class RehearsedSite {
  private constructor(
    readonly deployment: Deployment,
    readonly account: AwsOfSite,
    private readonly functions: Functions,
    private readonly machine: Machine,
  ) {}

  static async open(options: SiteOptions): Promise<RehearsedSite> {
    const cloudAssembly = options.cloudAssembly ?? path.join(assetsFolder(), 'example');
    const stack = options.stack ?? STACK;
    const place = { stack, region: options.region ?? REGION, account: ACCOUNT };
    const elsewhere = options.elsewhere ?? [];
    const deployment = new Deployment(
      readTemplate(path.join(cloudAssembly, `${stack}.template.json`)),
      place,
      elsewhere.map((site) => site.deployment),
    );
    const logs = path.join(options.folder, 'logs');
    await mkdir(logs, { recursive: true });

    const later: { functions?: Functions } = {};
    const account = await openAws({
      deployment,
      engine: options.engine,
      faults: options.faults,
      elsewhere: elsewhere.map((site) => site.account),
      folder: path.join(options.folder, 'buckets'),
      invoke: async (name, payload) => later.functions?.invoke(name, JSON.parse(payload)),
    });
    const functions = (later.functions = new Functions({
      deployment,
      cloudAssembly,
      bootstrap: path.join(assetsFolder(), 'command', 'bootstrap.mjs'),
      logs,
      environment: (deployed) => environment(deployed, account.aws, options, place.region),
    }));
    const deployedMachine = deployment.one('AWS::StepFunctions::StateMachine', 'DrillStateMachine');
    const machine = new Machine({
      arn: deployedMachine.arn,
      definition: JSON.parse(String(deployedMachine.properties.DefinitionString)) as Record<string, unknown>,
      functions,
      region: place.region,
      authorize: account.authorizeMachine,
      executions: account.states.executions,
    });
    return new RehearsedSite(deployment, account, functions, machine);
  }

  /** The drills that the template schedules. */
  schedules(): DrillSchedule[] {
    return this.deployment.all('AWS::Scheduler::Schedule').flatMap((schedule) => {
      const input = JSON.parse(String((schedule.properties.Target as { Input?: string }).Input ?? '{}'));
      return input.definition ? [{ name: schedule.name, definition: input.definition as DrillDefinition }] : [];
    });
  }

  /** Takes and copies what the backup plans of the template do of an instance each day, with the rights of their roles. */
  async backUp(identifier: string): Promise<number> {
    const taken = this.deployment.all('AWS::Backup::BackupSelection').flatMap(({ properties }) => {
      const selection = properties.BackupSelection as { IamRoleArn: string; Resources: string[] };
      const arn = selection.Resources.find((one) => one.endsWith(`:db:${identifier}`));
      return arn === undefined
        ? []
        : [{ arn, role: selection.IamRoleArn, rule: this.firstRule(properties.BackupPlanId) }];
    });
    for (const { arn, role, rule } of taken) {
      await this.account.backup.backUp(arn, rule.TargetBackupVault, role, rule);
    }
    return taken.length;
  }

  private firstRule(planId: unknown): RuleOfPlan {
    const { properties } = this.deployment.all('AWS::Backup::BackupPlan').find(({ name }) => name === planId)!;
    return (properties.BackupPlan as { BackupPlanRule: RuleOfPlan[] }).BackupPlanRule[0];
  }

  /** Starts a drill as EventBridge Scheduler does, at a scheduled time. */
  drill(schedule: DrillSchedule, scheduledTime: Date): RunningExecution {
    const name = `rehearsal-${scheduledTime.getTime()}-${this.account.states.executions.length + 1}`;
    // Scheduler fills in its context attributes; times are RFC 3339 in whole seconds.
    const time = scheduledTime.toISOString().replace(/\.\d+Z$/, 'Z');
    const running = this.machine.start(name, { schedule: schedule.name, scheduledTime: time });
    const ended = running.ended.then(async (execution) => {
      await publishEnd(this.deployment, this.functions, execution);
      return execution;
    });
    // Whoever follows the execution hears of it; a site that is closed in the middle has nobody who does.
    ended.catch(() => {});
    return { ...running, ended };
  }

  /** Runs the sweeper as its schedule would. */
  async sweep(): Promise<{ removed: string[]; kept: string[] }> {
    const answer = await this.functions.invoke(this.deployment.one('AWS::Lambda::Function', 'Sweep').arn, {});
    if (answer.functionError) throw new Error(`the sweeper failed: ${answer.payload}`);
    return JSON.parse(answer.payload) as { removed: string[]; kept: string[] };
  }

  /** Runs the monitor on each of its schedules, as they would. */
  async measure(): Promise<void> {
    const { arn } = this.deployment.one('AWS::Lambda::Function', 'Monitor');
    for (const { properties } of this.deployment.all('AWS::Scheduler::Schedule')) {
      const target = properties.Target as { Arn: string; Input?: string };
      if (target.Arn !== arn) continue;
      const answer = await this.functions.invoke(arn, JSON.parse(target.Input ?? '{}'));
      if (answer.functionError) throw new Error(`the monitor failed: ${answer.payload}`);
    }
  }

  /** Everything that drills made and did not remove, or are about to make. */
  left(production: string): string[] {
    const { rds, backup, secrets } = this.account;
    const instances = rds.instances
      .map(({ identifier }) => identifier)
      .filter((one) => one !== production.toLowerCase());
    const jobs = backup.restoreJobs.filter(({ completedAt }) => completedAt === undefined).map(({ id }) => id);
    return [...instances, ...jobs, ...secrets.names];
  }

  stateBucket(): string {
    return this.deployment.one('AWS::S3::Bucket', 'StateBucket').name;
  }

  evidenceBucket(): string {
    return this.deployment.one('AWS::S3::Bucket', 'EvidenceBucket').name;
  }

  /** The newest text of an object. */
  read(bucket: string, key: string): string {
    const body = this.account.s3.read(bucket, key);
    if (!body) throw new Error(`there is no object ${key} in ${bucket}`);
    return body.toString('utf8');
  }

  keys(bucket: string): readonly string[] {
    return this.account.s3.keys(bucket);
  }

  /** Puts an object there, as somebody with the right to would. */
  write(bucket: string, key: string, body: string): void {
    this.account.s3.put(bucket, key, body);
  }

  /** Everything that went wrong in the rehearsal itself, rather than in what it rehearses. */
  problems(): readonly Error[] {
    return this.account.aws.problems;
  }

  async close(): Promise<void> {
    this.machine.abort();
    this.account.leave();
    await this.functions.close();
    await this.account.rds.close();
    await this.account.aws.close();
  }
}

/** What a function gets over its template's environment: where AWS is, and who it is there. */
export function environment(
  deployed: Deployed,
  aws: RunningAws,
  options: Pick<SiteOptions, 'patience' | 'engine'>,
  region: string,
): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_S3_CONTROL: accountEndpoint(aws.url),
    AWS_ACCESS_KEY_ID: deployed.logicalId,
    AWS_SECRET_ACCESS_KEY: deployed.logicalId,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_MAX_ATTEMPTS: '3',
    PATIENCE: JSON.stringify(options.patience),
    DATABASE_CERTIFICATE_AUTHORITY: options.engine.certificateAuthority,
    EVIDENCE_SCHEMA: 'cdk-recoverable/rehearsal-evidence/v1',
    EVIDENCE_WATERMARK: WATERMARK,
  };
}
