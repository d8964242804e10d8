import { BackupClient } from '@aws-sdk/client-backup';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KMSClient } from '@aws-sdk/client-kms';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';

/** A Region that does not answer is given up in time for the others to be asked. */
const PATIENCE = { requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true } };

type Client = RDSClient | BackupClient | KMSClient | S3Client | CloudWatchClient;

/** Clients of each Region, made when they are needed and kept as long as the function. */
export class Clients {
  private readonly made = new Map<string, Client>();

  rds(region: string): RDSClient {
    return this.of(`rds ${region}`, () => new RDSClient({ region, ...PATIENCE }));
  }

  backup(region: string): BackupClient {
    return this.of(`backup ${region}`, () => new BackupClient({ region, ...PATIENCE }));
  }

  kms(region: string): KMSClient {
    return this.of(`kms ${region}`, () => new KMSClient({ region, ...PATIENCE }));
  }

  s3(region: string): S3Client {
    return this.of(`s3 ${region}`, () => new S3Client({ region, ...PATIENCE }));
  }

  cloudWatch(region: string): CloudWatchClient {
    return this.of(`cloudwatch ${region}`, () => new CloudWatchClient({ region, ...PATIENCE }));
  }

  private of<C extends Client>(name: string, make: () => C): C {
    const known = this.made.get(name) as C | undefined;
    if (known) return known;
    const made = make();
    this.made.set(name, made);
    return made;
  }
}
