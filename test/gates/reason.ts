/** Why a finding of cdk-nag or a wildcard resource is right. Every row must be used; what no row covers is new and fails. */
export interface Reason {
  /** Of the finding, with Region, account, prefix and logical ids made neutral. */
  readonly finding: RegExp;
  /** Of the construct's path below its stack and site. */
  readonly where: RegExp;
  readonly reason: string;
}

/** A wildcard in a policy. */
export const IAM = (resource: string) => new RegExp(`^AwsSolutions-IAM5\\[Resource::${resource}\\]$`);
