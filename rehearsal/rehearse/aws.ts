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
  type Place,
  type PolicyDocument,
  type Principal,
  type RegisteredSchedule,
  type RunningAws,
  type StatesOptions,
} from '../aws';
import type { Deployed, Deployment } from '../template/deployment';
import { policiesOf } from '../template/roles';
import { rdsManagedKey } from './production';
import { LAG_SECONDS } from './settings';

export interface AwsOfSite {
  readonly aws: RunningAws;
  readonly kms: RehearsedKms;
  /** By name, and how it answers calls: also those of functions in another Region. */
  readonly region: readonly [string, Pick<AwsOptions, 'services' | 'authorize'>];
  readonly rds: RehearsedRds;
  readonly backup: RehearsedBackup;
  readonly s3: RehearsedS3;
  readonly secrets: RehearsedSecrets;
  readonly sns: RehearsedSns;
  readonly states: RehearsedStates;
  readonly cloudWatch: RehearsedCloudWatch;
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
  const authorize = createAuthorize({ region: place.region, resourcePolicies: resourcePolicies(deployment) });

  const buckets = deployment.all('AWS::S3::Bucket').map(bucket);
  const s3 = new RehearsedS3({ ...place, directory: folder, buckets, clock });
  const rds = new RehearsedRds({ ...place, engine, faults, clock, lagSeconds, registry: registry(deployment) });
  const backup = new RehearsedBackup({
    ...place,
    rds: rds.forBackup(),
    vaults: deployment.all('AWS::Backup::BackupVault').map(vault),
    elsewhere: elsewhere.map(({ backup: there }) => there),
    roles: serviceRoles(deployment, roles),
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
  const kms = new RehearsedKms({ ...place, keys: [...deployment.all('AWS::KMS::Key').map(key), managedKey(place)] });
  const cloudWatch = new RehearsedCloudWatch({ ...place, clock: alarmClock, act });
  cloudWatch.create(alarmsOf(deployment).filter(alarms));

  const rehearsed = [s3, rds, backup, secrets, sns, states, scheduler, lambda, kms, iam, cloudWatch];
  const here = {
    services: rehearsed.map((service) => service.service()),
    authorize,
  };
  const aws = await startAws({
    ...here,
    principals: new Map([...principals(deployment, roles), ...callers]),
    region: place.region,
    elsewhere: new Map(elsewhere.map(({ region }) => region)),
    faults,
  });
  const machineRole = principal(String(machine.properties.RoleArn), 'machine', roles);
  const authorizeMachine = (functionArn: string) => {
    const decision = authorize(machineRole, { action: 'lambda:InvokeFunction', resource: functionArn });
    if (!decision.allowed) throw new Error(`the machine's role may not invoke ${functionArn} ${decision.reason}`);
  };
  const region = [place.region, here] as const;
  return { aws, rds, backup, s3, secrets, sns, states, kms, cloudWatch, region, authorizeMachine };
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

function resourcePolicies(deployment: Deployment): Record<string, PolicyDocument> {
  const buckets = deployment
    .all('AWS::S3::BucketPolicy')
    .map(({ properties }) => [`arn:aws:s3:::${String(properties.Bucket)}`, properties.PolicyDocument]);
  const keys = deployment.all('AWS::KMS::Key').map(({ arn, properties }) => [arn, properties.KeyPolicy]);
  const vaults = deployment
    .all('AWS::Backup::BackupVault')
    .flatMap(({ arn, properties }) => (properties.AccessPolicy ? [[arn, properties.AccessPolicy]] : []));
  return Object.fromEntries([...buckets, ...keys, ...vaults]) as Record<string, PolicyDocument>;
}

function vault({ name, arn, properties }: Deployed) {
  const keyArn = properties.EncryptionKeyArn;
  return { name, arn, ...(typeof keyArn === 'string' && { keyArn }) };
}

function key({ arn, properties }: Deployed) {
  return { arn, policy: properties.KeyPolicy as PolicyDocument };
}

/** The key of RDS's own that is in every account. */
function managedKey({ region, account }: Place) {
  const statement = {
    Effect: 'Allow' as const,
    Principal: { AWS: '*' },
    Action: ['kms:CreateGrant', 'kms:DescribeKey'],
  };
  const through = { 'kms:ViaService': `rds.${region}.amazonaws.com`, 'kms:CallerAccount': account };
  return {
    arn: rdsManagedKey({ region, account }),
    manager: 'AWS' as const,
    policy: { Statement: { ...statement, Resource: '*', Condition: { StringEquals: through } } },
  };
}

function bucket({ name, properties }: Deployed) {
  const rules = (properties.BucketEncryption as { ServerSideEncryptionConfiguration?: EncryptionRule[] } | undefined)
    ?.ServerSideEncryptionConfiguration;
  const kmsKeyArn = rules?.[0]?.ServerSideEncryptionByDefault?.KMSMasterKeyID;
  const versioned = (properties.VersioningConfiguration as { Status?: string } | undefined)?.Status === 'Enabled';
  return { name, versioned, ...(kmsKeyArn && { kmsKeyArn }), bucketKey: rules?.[0]?.BucketKeyEnabled ?? false };
}

interface EncryptionRule {
  readonly BucketKeyEnabled?: boolean;
  readonly ServerSideEncryptionByDefault?: { readonly KMSMasterKeyID?: string };
}

function topic({ arn, properties }: Deployed) {
  const key = properties.KmsMasterKeyId;
  return { arn, ...(typeof key === 'string' && { kmsKeyArn: key }) };
}

function schedule({ name, properties }: Deployed): RegisteredSchedule {
  const target = properties.Target as { Arn: string; RoleArn: string; Input?: string };
  return {
    name,
    group: properties.GroupName as string | undefined,
    expression: String(properties.ScheduleExpression),
    timeZone: properties.ScheduleExpressionTimezone as string | undefined,
    state: properties.State as 'ENABLED' | 'DISABLED' | undefined,
    target: { arn: target.Arn, roleArn: target.RoleArn, input: target.Input },
  };
}

/** The template's groups, and the default subnet group, in which a production database of nobody's is taken to be. */
function registry(deployment: Deployment) {
  const subnets = new Map(deployment.all('AWS::EC2::Subnet').map((subnet) => [subnet.name, subnet]));
  const groups = deployment.all('AWS::RDS::DBSubnetGroup').map(({ name, properties }) => {
    const own = (properties.SubnetIds as string[])
      .map((id) => subnets.get(id))
      .filter((subnet) => subnet !== undefined);
    return {
      name,
      vpcId: String(own[0]?.properties.VpcId ?? ''),
      subnets: own.map((subnet) => ({ id: subnet.name, zone: String(subnet.properties.AvailabilityZone) })),
    };
  });
  const zones = ['a', 'b'].map((zone) => ({ id: `subnet-default-${zone}`, zone: `${deployment.place.region}${zone}` }));
  return {
    subnetGroups: [...groups, { name: 'default', vpcId: 'vpc-default', subnets: zones }],
    securityGroups: deployment
      .all('AWS::EC2::SecurityGroup')
      .map(({ name, properties }) => ({ id: name, vpcId: String(properties.VpcId) })),
  };
}
