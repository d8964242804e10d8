import { Token } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { RecoveryPlan } from '../../plan/recovery-plan';
import type { MonitorProfile } from '../contract/monitoring';
import { POINT_IN_TIME_LAG, SNAPSHOT_AGE } from '../objectives/sources';
import { show, ValidationError } from '../validation';
import { recoverableAlarm } from './alarms';
import { watchedSources } from './allowances';
import type { WatchedTagged } from './watched';

export interface TaggedDatabasesProps {
  readonly plan: RecoveryPlan;
  /** `<plan>/<id>` */
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

/** The databases that bear a tag: nobody knows them before the monitor looks. */
export class TaggedDatabases extends Construct implements WatchedTagged {
  readonly name: string;
  readonly key: string;
  readonly value: string;
  readonly alarm: Alarm;
  readonly profile: MonitorProfile;

  constructor(scope: Construct, id: string, { plan, name, key, value }: TaggedDatabasesProps) {
    super(scope, id);
    this.name = name;
    this.key = requireTag(key, `key of the tag of ${name}`, 1, 128);
    this.value = requireTag(value, `value of the tag of ${name}`, 0, 256);
    const { site, monitor, objectives } = plan;
    this.alarm = recoverableAlarm(this, { site, resourceName: name }, monitor.interval);
    this.profile = {
      rpoSeconds: objectives.rpo.toSeconds(),
      // What RDS keeps of any database by itself; whether it does, only the account knows.
      sources: watchedSources(
        [
          { kind: 'point-in-time', name: 'point in time', oldestSeconds: POINT_IN_TIME_LAG.toSeconds(), ...AUTOMATED },
          { kind: 'snapshot', name: 'automated snapshots', oldestSeconds: SNAPSHOT_AGE.toSeconds(), ...AUTOMATED },
        ],
        '',
        objectives,
        undefined,
      ),
    };
  }
}

const AUTOMATED = { storage: 'rds', account: '', region: '', known: false, everyDays: 1 } as const;

function requireTag(value: string, what: string, least: number, most: number): string {
  if (Token.isUnresolved(value)) {
    throw new ValidationError(`${what} must be known at synthesis, got a value known only at deployment`);
  }
  if (
    typeof value !== 'string' ||
    value.length < least ||
    value.length > most ||
    !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(value)
  ) {
    throw new ValidationError(
      `${what} must be ${least} to ${most} letters, digits, spaces and _ . : / = + - @, got: ${show(value)}`,
    );
  }
  return value;
}
