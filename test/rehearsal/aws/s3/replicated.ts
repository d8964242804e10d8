import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { S3Client } from '@aws-sdk/client-s3';
import { RecoveryPlan, RecoverySite, type ProtectBucketOptions } from '../../../../lib';
import {
  createAuthorize,
  RehearsedCloudWatch,
  RehearsedKms,
  RehearsedS3,
  type Faults,
  type PolicyDocument,
  type Principal,
  type Service,
  type ServiceRole,
  type Statement,
} from '../../../../rehearsal/aws';
import type { ReplicationConfiguration } from '../../../../rehearsal/aws/s3/replication/configuration';
import { bucket, resourcePolicies } from '../../../../rehearsal/rehearse/declared';
import { Deployment } from '../../../../rehearsal/template/deployment';
import { policiesOf } from '../../../../rehearsal/template/roles';
import type { Template } from '../../../../rehearsal/template/template';
import { account, clientOf, region, start } from '../support';

export const THERE = 'eu-central-1';
export const SOURCE = 'uploads-of-the-tests';

const synthesized = new Map<string, { home: Template; there: Template }>();

/** A bucket that the library itself replicates, as its two templates deploy it. */
export function deployed(options: ProtectBucketOptions = {}): { home: Deployment; there: Deployment } {
  const key = JSON.stringify(options);
  const known = synthesized.get(key) ?? synthesize(options);
  synthesized.set(key, known);
  const there = new Deployment(known.there, { stack: 'There', region: THERE, account });
  return { there, home: new Deployment(known.home, { stack: 'Home', region, account }, [there]) };
}

function synthesize(options: ProtectBucketOptions): { home: Template; there: Template } {
  const app = new App();
  const env = { account };
  const drStack = new Stack(app, 'There', { env: { ...env, region: THERE } });
  const dr = new RecoverySite(drStack, 'Recovery', { name: 'acme', alerts: { ticket: new Topic(drStack, 'Tickets') } });
  const stack = new Stack(app, 'Home', { env: { ...env, region } });
  const plan = new RecoveryPlan(stack, 'Gold', {
    owner: 'Tests',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.days(2), rto: Duration.hours(1) },
    copyTo: [dr],
  });
  const files = new Bucket(stack, 'Files', {
    bucketName: SOURCE,
    encryption: BucketEncryption.KMS,
    encryptionKey: new Key(stack, 'FilesKey'),
    bucketKeyEnabled: true,
    versioned: true,
  });
  plan.protectBucket('Uploads', files, options);
  const assembly = app.synth();
  const of = (name: string) => assembly.getStackByName(name).template as Template;
  return { home: of('Home'), there: of('There') };
}

export interface Changes {
  /** Statements that roles keep; default: all. */
  readonly statements?: (statement: Statement) => boolean;
  readonly options?: ProtectBucketOptions;
  readonly callers?: Record<string, Principal>;
  readonly lagSeconds?: number;
  /** Roles beside those of the templates, by ARN. */
  readonly roles?: ReadonlyMap<string, ServiceRole>;
  /** Whatever else is called. */
  readonly services?: Service[];
  /** The bucket has been there before its rule, which the test deploys. */
  readonly ruleLater?: boolean;
}

/** Both Regions over HTTP, at a time that passes when it is told to. */
export async function openRegions({
  statements = () => true,
  options,
  callers = {},
  lagSeconds = 60,
  roles: more,
  services = [],
  ruleLater,
}: Changes = {}) {
  const { home, there } = deployed(options);
  const directory = mkdtempSync(join(tmpdir(), 'aws-s3-replication-'));
  const time = { now: Date.parse('2026-03-01T12:00:00Z') };
  const clock = () => new Date(time.now);
  const faults: Faults = {};
  const policies = { ...resourcePolicies(home), ...resourcePolicies(there) };
  const roles = new Map([...rolesOf(home, statements), ...(more ?? [])]);
  const regionOf = (deployment: Deployment, name: string, elsewhere: RehearsedS3[]) => {
    const place = { region: name, account };
    const keys = deployment
      .all('AWS::KMS::Key')
      .map(({ arn, properties }) => ({ arn, policy: properties.KeyPolicy as PolicyDocument }));
    const kms = new RehearsedKms({ ...place, keys });
    const cloudWatch = new RehearsedCloudWatch({ ...place, clock });
    const authorize = createAuthorize({ region: name, resourcePolicies: policies });
    const s3 = new RehearsedS3({
      ...place,
      directory: join(directory, name),
      buckets: deployment
        .all('AWS::S3::Bucket')
        .map((one) => ({ ...bucket(one), ...(ruleLater && { replication: undefined }) })),
      ...{ elsewhere, keys: kms, roles, authorize, clock, faults, replicationLagSeconds: lagSeconds },
      metrics: cloudWatch.metrics,
    });
    return { s3, kms, cloudWatch, authorize, services: [s3.service(), kms.service(), cloudWatch.service()] };
  };
  const far = regionOf(there, THERE, []);
  const near = regionOf(home, region, [far.s3]);
  const aws = await start([...near.services, ...services], callers, {
    faults,
    resourcePolicies: policies,
    elsewhere: new Map([[THERE, far]]),
  });
  const replica = there.all('AWS::S3::Bucket').find(({ logicalId }) => /Uploads/.test(logicalId))!;
  const clients: S3Client[] = [];
  return {
    ...{ aws, faults, home, there, near, far, time, replica: replica.name },
    /** As the template declares it. */
    configuration: home.all('AWS::S3::Bucket').find(({ name }) => name === SOURCE)!.properties
      .ReplicationConfiguration as ReplicationConfiguration,
    client: (where = region, accessKeyId = 'AKIAADMIN') => {
      const client = new S3Client(clientOf(aws, accessKeyId, { region: where }));
      clients.push(client);
      return client;
    },
    /** Lets time pass. */
    pass: (seconds: number) => {
      time.now += seconds * 1000;
      near.s3.settle();
    },
    close: async () => {
      clients.forEach((client) => client.destroy());
      await aws.close();
      rmSync(directory, { recursive: true });
    },
  };
}

export type Regions = Awaited<ReturnType<typeof openRegions>>;

export function rolesOf(deployment: Deployment, keeps: (statement: Statement) => boolean): Map<string, ServiceRole> {
  return new Map(
    deployment.all('AWS::IAM::Role').map((each) => {
      const policies = policiesOf(deployment, each).map((document) => ({
        ...document,
        Statement: [document.Statement].flat().filter((one) => keeps(one as Statement)) as Statement[],
      }));
      const trust = each.properties.AssumeRolePolicyDocument as PolicyDocument;
      return [each.arn, { principal: { arn: each.arn, policies }, trust }];
    }),
  );
}
