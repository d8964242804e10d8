import type { DrillFacts, SourceFacts } from '../../../lib/private/contract/drill';
import { drillTags } from '../../shared/tags';

/** Checked by the verifier's security group; passed explicitly, so the source's own port does not matter. */
const PORT = 5432;

/**
 * What both restore calls take alike. Everything RDS would otherwise default or inherit is said: tags (the source's would
 * pull the copy into production's backup selections), groups (the VPC's defaults), backups (the source's retention).
 * The default parameter group loads no pg_cron or other worker that would change the data under verification.
 */
export function restoreSettings(drill: DrillFacts, source: SourceFacts, subnetGroup: string, securityGroup: string) {
  const major = source.engineVersion.split('.')[0];
  return {
    DBInstanceClass: source.instanceClass,
    Port: PORT,
    DBSubnetGroupName: subnetGroup,
    VpcSecurityGroupIds: [securityGroup],
    DBParameterGroupName: `default.postgres${major}`,
    OptionGroupName: `default:postgres-${major}`,
    MultiAZ: false,
    // The drill network has no IPv6; a dual-stack source would otherwise ask for it.
    NetworkType: 'IPV4',
    PubliclyAccessible: false,
    AutoMinorVersionUpgrade: false,
    CopyTagsToSnapshot: false,
    DeletionProtection: false,
    EnableIAMDatabaseAuthentication: false,
    BackupRetentionPeriod: 0,
    Tags: drillTags(drill),
  };
}
