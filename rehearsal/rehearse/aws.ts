import type { DatabaseEngine } from '../database-engine';
import {
  alarmsOf,
  createAuthorize,
  RehearsedBackup,
  RehearsedCloudWatch,
  RehearsedIam,
  RehearsedKms,
  RehearsedLambda,
  RehearsedRds,
  RehearsedS3,
  RehearsedScheduler,
  RehearsedSecrets,
  RehearsedSns,
  RehearsedStates,
  startAws,
  type Alarm,
  type AwsOptions,
  type CloudWatchOptions,
  type Faults,
  type Invoke,
  type PolicyDocument,
  type Principal,
  type RegisteredSchedule,
  type RunningAws,
  type StatesOptions,
} from '../aws';
import type { Deployment } from '../template/deployment';
import { policiesOf } from '../template/roles';
import { bucket, key, managedKey, registry, resourcePolicies, schedule, topic, vault } from './declared';
import { LAG_SECONDS } from './settings';

export interface AwsOfSite {
  readonly aws: RunningAws;
  readonly kms: RehearsedKms;
  /** By name, and how it answers calls: also those of functions in another Region. */
  readonly region: readonly [string, Pick<AwsOptions, 'services' | 'authorize'>];
  /** Other Regions that its callers reach; one that is deployed later and knows this one adds itself. */
  readonly known: Map<string, Pick<AwsOptions, 'services' | 'authorize'>>;
  /** Of buckets, keys and vaults by ARN, in all Regions that are known. */
  readonly policies: Record<string, PolicyDocument>;
  readonly rds: RehearsedRds;
  readonly backup: RehearsedBackup;
  readonly s3: RehearsedS3;
  readonly secrets: RehearsedSecrets;
  readonly sns: RehearsedSns;
  readonly states: RehearsedStates;
  readonly cloudWatch: RehearsedCloudWatch;
  /** The Region is lost, or closed: others reach it no more. */
  readonly leave: () => void;
  /** Throws unless the machine's own role may invoke this function. */
  readonly authorizeMachine: (functionArn: string) => void;
}

export interface AwsOfSiteOptions {
  readonly deployment: Deployment;
  readonly engine: DatabaseEngine;
  readonly faults: Faults;
  /** Where the buckets' objects are kept. */
  readonly folder: string;
  readonly invoke: Invoke;
  /** Other Regions that this one copies into. */
  readonly elsewhere?: readonly AwsOfSite[];
  /** Runs a machine that a function asks for; default: no function does. */
  readonly start?: StatesOptions['start'];
  /** What time it is there; default: as it is here. */
  readonly clock?: () => Date;
  /** How often archived log makes newer moments restorable, seconds. */
  readonly lagSeconds?: number;
  /** What time it is for metrics and alarms; default: as it is there. */
  readonly alarmClock?: () => Date;
  /** Which alarms are deployed; default: all. */
  readonly alarms?: (alarm: Alarm) => boolean;
  /** Carries out what alarms set off; default: nothing is. */
  readonly act?: CloudWatchOptions['act'];
  /** Changes schedules while they are deployed; default: they are the template's. */
  readonly adjust?: (schedule: RegisteredSchedule) => RegisteredSchedule;
  /** Who else calls, by access key. */
  readonly callers?: ReadonlyMap<string, Principal>;
}

/** Roles that services make for themselves in every account that has used them. */
const SERVICE_ROLES = new Map([
  ['AWSServiceRoleForRDS', '/aws-service-role/rds.amazonaws.com/'],
  ['AWSServiceRoleForBackup', '/aws-service-role/backup.amazonaws.com/'],
]);

/** The AWS in which a template is deployed: its buckets, topics, groups and schedules, its roles as callers. */
export async function openAws({
  deployment,
  engine,
  faults,
  folder,
  invoke,
  elsewhere = [],
  start,
  clock,
  lagSeconds = LAG_SECONDS,
  alarmClock = clock,
  alarms = () => true,
  act,
  adjust = (schedule) => schedule,
  callers = new Map(),
}: AwsOfSiteOptions): Promise<AwsOfSite> {
  const { place } = deployment;
  const roles = new Map(deployment.all('AWS::IAM::Role').map((role) => [role.arn, policiesOf(deployment, role)]));
  // Callers reach over Regions, and what they find there has its own policies.
  const policies = resourcePolicies(deployment);
  for (const there of elsewhere) {
    const own = { ...there.policies };
    Object.assign(there.policies, policies);
    Object.assign(policies, own);
  }
  const authorize = createAuthorize({ region: place.region, resourcePolicies: policies });
  const assumable = serviceRoles(deployment, roles);

  const kms = new RehearsedKms({ ...place, keys: [...deployment.all('AWS::KMS::Key').map(key), managedKey(place)] });
  const cloudWatch = new RehearsedCloudWatch({ ...place, clock: alarmClock, act });
  cloudWatch.create(alarmsOf(deployment).filter(alarms));
  const s3 = new RehearsedS3({
    ...place,
    directory: folder,
    buckets: deployment.all('AWS::S3::Bucket').map(bucket),
    elsewhere: elsewhere.map((there) => there.s3),
    keys: kms,
    roles: assumable,
    metrics: cloudWatch.metrics,
    authorize,
    clock,
    faults,
  });
  const rds = new RehearsedRds({ ...place, engine, faults, clock, lagSeconds, registry: registry(deployment) });
  const backup = new RehearsedBackup({
    ...place,
    rds: rds.forBackup(),
    s3: s3.forBackup(),
    vaults: deployment.all('AWS::Backup::BackupVault').map(vault),
    elsewhere: elsewhere.map(({ backup: there }) => there),
    roles: assumable,
    authorize,
    clock,
    faults,
  });
  const secrets = new RehearsedSecrets(place);
  const sns = new RehearsedSns({ ...place, topics: deployment.all('AWS::SNS::Topic').map(topic) });
  const machine = deployment.one('AWS::StepFunctions::StateMachine', 'DrillStateMachine');
  const stateMachines = deployment.all('AWS::StepFunctions::StateMachine').map(({ arn }) => arn);
  const states = new RehearsedStates({ ...place, stateMachines, ...(start && { start }) });
  const scheduler = new RehearsedScheduler({
    ...place,
    schedules: deployment.all('AWS::Scheduler::Schedule').map((one) => adjust(schedule(one))),
  });
  const functions = deployment.all('AWS::Lambda::Function').map(({ name }) => ({ name }));
  const lambda = new RehearsedLambda({ ...place, invoke, functions });
  const iam = new RehearsedIam({ ...place, serviceRoles: SERVICE_ROLES });

  const rehearsed = [s3, rds, backup, secrets, sns, states, scheduler, lambda, kms, iam, cloudWatch];
  const here = {
    services: rehearsed.map((service) => service.service()),
    authorize,
  };
  const known = new Map(elsewhere.map(({ region }) => region));
  for (const there of elsewhere) there.known.set(place.region, here);
  const aws = await startAws({
    ...here,
    principals: new Map([...principals(deployment, roles), ...callers]),
    region: place.region,
    elsewhere: known,
    faults,
  });
  const machineRole = principal(String(machine.properties.RoleArn), 'machine', roles);
  const authorizeMachine = (functionArn: string) => {
    const decision = authorize(machineRole, { action: 'lambda:InvokeFunction', resource: functionArn });
    if (!decision.allowed) throw new Error(`the machine's role may not invoke ${functionArn} ${decision.reason}`);
  };
  const region = [place.region, here] as const;
  const leave = () => {
    for (const there of elsewhere) there.known.delete(place.region);
    s3.account.leave();
  };
  return {
    leave,
    aws,
    rds,
    backup,
    s3,
    secrets,
    sns,
    states,
    kms,
    cloudWatch,
    region,
    known,
    policies,
    authorizeMachine,
  };
}

/** Each function calls with its logical id as access key: that is how the server knows its role. */
function principals(deployment: Deployment, roles: ReadonlyMap<string, PolicyDocument[]>): Map<string, Principal> {
  return new Map(
    deployment.all('AWS::Lambda::Function').map((deployed) => {
      const caller = principal(String(deployed.properties.Role), deployed.name, roles);
      return [deployed.logicalId, { ...caller, context: { 'lambda:SourceFunctionArn': deployed.arn } }];
    }),
  );
}

function principal(roleArn: string, session: string, roles: ReadonlyMap<string, PolicyDocument[]>): Principal {
  const policies = roles.get(roleArn);
  if (!policies) throw new Error(`${session} runs as ${roleArn}, which the template does not hold`);
  return { arn: roleArn, session, policies };
}

/** Roles that AWS Backup may be given; which of them trust it is for it to find out. */
function serviceRoles(deployment: Deployment, policies: ReadonlyMap<string, PolicyDocument[]>) {
  return new Map(
    deployment.all('AWS::IAM::Role').map(({ arn, properties }) => {
      const trust = properties.AssumeRolePolicyDocument as PolicyDocument;
      return [arn, { principal: principal(arn, 'AWSBackup', policies), trust }];
    }),
  );
}
