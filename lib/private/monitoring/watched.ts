import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { MonitorProfile, WatchedResource } from '../contract/monitoring';

/** A resource, on a site whose monitor measures it. */
export interface Watched extends Pick<WatchedResource, 'kind' | 'identifier' | 'keyArn' | 'replica'> {
  /** `<plan>/<resource>` */
  readonly resourceName: string;
  /** What rests on the measurements. */
  readonly alarms: readonly Alarm[];
  /** Longest time between two passed drills there; nothing where it is not drilled. */
  readonly provenSeconds: () => number | undefined;
  /** Absent where only drills of its copies are watched. */
  readonly profile?: () => MonitorProfile;
}

/** Whatever bears a tag. */
export interface WatchedTagged {
  /** `<plan>/<id>` */
  readonly name: string;
  readonly key: string;
  readonly value: string;
  readonly alarm: Alarm;
  readonly profile: MonitorProfile;
}
