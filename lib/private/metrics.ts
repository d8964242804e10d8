/** What the functions publish, with dimensions exactly Site and Resource: an alarm on any other set never gets data. */
export const METRICS = {
  namespace: 'CdkRecoverable',
  /** Age of the newest restorable state over what is allowed, the worst of all recovery sources; above 1 one was missed. */
  restorableAgeRatio: 'RestorableAgeRatio',
  /** Age of the last passed drill over its interval; above 1 the resource is not proven. */
  drillAgeRatio: 'DrillAgeRatio',
  /** Seconds of data that a drill found lost. */
  achievedRpo: 'AchievedRpo',
  /** Seconds from the start of a drill's restore until its checks had passed. */
  achievedRto: 'AchievedRto',
  /** Bytes in use at the source, once a day. */
  usedBytes: 'UsedBytes',
  /** Share of the backup jobs of the last 30 days that went well, percent, once a day. */
  backupSuccessRate: 'BackupSuccessRate',
  /** Things found that outlived their drill. */
  leftovers: 'Leftovers',
  /** Databases under no plan of the site. */
  unprotected: 'Unprotected',
  /** Resource dimension of what concerns the whole site. */
  siteResource: 'site',
} as const;
