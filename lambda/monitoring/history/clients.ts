import { BackupClient } from '@aws-sdk/client-backup';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { required } from '../../shared/environment';
import { Store } from '../../shared/store';

/** What the parts of the history ask, and where they keep things. */
export const backup = new BackupClient();
export const cloudwatch = new CloudWatchClient();
export const rds = new RDSClient();
export const s3 = new S3Client();
export const state = new Store(required('STATE_BUCKET'), s3);
export const evidence = new Store(required('EVIDENCE_BUCKET'), s3);
