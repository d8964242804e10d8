import type { SourceReport } from '../../../lib/private/contract/monitoring';
import { plusSeconds } from '../../shared/clock';
import { vaultName } from '../account/recovery-points';
import { CONTINUOUS_LAG } from '../../shared/continuous-backup';
import { span, when } from '../messages/text';
import type { Draft } from './draft';
import type { Subject } from './subject';

/** What S3 and AWS Backup do no more of what a bucket's recovery rests on: keeping versions, replicating, following. */
export function bucket(subject: Subject): Draft[] {
  const { versions, replica } = subject.blocks ?? {};
  return [
    ...(versions === undefined ? [] : [unversioned(subject, versions)]),
    ...(replica === undefined ? [] : [stopped(subject, replica)]),
    ...subject.report.sources
      .filter((source) => hasStopped(subject, source))
      .map((source) => notFollowed(subject, source)),
  ];
}

function unversioned({ name, identifier, region, profile }: Subject, what: string): Draft {
  return {
    id: 'versioning-off',
    severity: 'page',
    cause: name,
    what,
    means: `What is overwritten or deleted from now on cannot be brought back; the recovery point objective is ${span(profile.rpoSeconds)}.`,
    nextStep: `Turn it on: \`aws s3api put-bucket-versioning --bucket ${identifier} --versioning-configuration Status=Enabled --region ${region}\`.`,
  };
}

function stopped({ name, identifier, region, profile }: Subject, what: string): Draft {
  const promised = profile.regionLossRpoSeconds ?? profile.rpoSeconds;
  return {
    id: 'replication-stopped',
    severity: 'page',
    cause: name,
    what,
    means: `What is written from now on may be lost with ${region}; the objective for that is ${span(promised)}.`,
    nextStep: `Deploy the stack of the bucket again, then have what was written meanwhile replicated; what the bucket replicates now shows \`aws s3api get-bucket-replication --bucket ${identifier} --region ${region}\`.`,
  };
}

/** One that goes on reaches up to a fixed time before it was looked at. What stands in its way otherwise has been said. */
function hasStopped({ report, blocks }: Subject, { kind, newest, lookedAt, blocked }: SourceReport): boolean {
  if (kind !== 'continuous' || newest === undefined || blocked !== undefined) return false;
  if (report.status === 'gone' || blocks?.versions !== undefined) return false;
  return newest < plusSeconds(lookedAt, -CONTINUOUS_LAG);
}

/** AWS Backup begins one anew with the next run of the rule: where it does not, the age of what it has tells it once more. */
function notFollowed({ name, identifier, region }: Subject, { newest = '', vaultArn = '' }: SourceReport): Draft {
  return {
    id: 'continuous-stopped',
    severity: 'ticket',
    cause: `${name} continuous-stopped`,
    what: `AWS Backup follows bucket ${identifier} no more: what it has ends about ${when(newest)}.`,
    means: 'Nothing newer can be restored from it until its rule, which runs once a day, begins another.',
    nextStep: `If the retention of continuous backups was changed, nothing: that stops it, too. Else see that the bucket keeps versions and sends its events to EventBridge, and that the role of the backup plan and the EventBridge rules that AWS Backup made are as they were: \`aws backup list-recovery-points-by-backup-vault --backup-vault-name ${vaultName(vaultArn)} --by-resource-type S3 --region ${region}\` says which of its points is STOPPED.`,
  };
}
