import { span } from '../messages/text';
import type { Draft } from './draft';
import type { Subject } from './subject';

/** What S3 does no more of what a bucket's recovery rests on: keeping versions, replicating. */
export function bucket(subject: Subject): Draft[] {
  const { versions, replica } = subject.blocks ?? {};
  return [
    ...(versions === undefined ? [] : [unversioned(subject, versions)]),
    ...(replica === undefined ? [] : [stopped(subject, replica)]),
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
    means: `What is written from now on is lost with ${region}; the objective for that is ${span(promised)}.`,
    nextStep: `Deploy the stack of the bucket again, then have what was written meanwhile replicated; what the bucket replicates now shows \`aws s3api get-bucket-replication --bucket ${identifier} --region ${region}\`.`,
  };
}
