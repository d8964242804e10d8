/** What the functions publish, with dimensions exactly Site and Resource: an alarm on any other set never gets data. */
export const METRICS = {
  namespace: 'CdkRecoverable',
  /** Age of the last passed drill over its interval; above 1 the resource is not proven. */
  drillAgeRatio: 'DrillAgeRatio',
  /** Things found that outlived their drill. */
  leftovers: 'Leftovers',
  /** Resource dimension of what concerns the whole site. */
  siteResource: 'site',
} as const;
