import type { DrillFacts } from '../../lib/private/contract/drill';

/** Tags on everything a drill makes. The name prefix is the boundary; these are the second lock, and how the sweeper finds its way. */
export const TAGS = {
  site: 'cdk-recoverable:site',
  drill: 'cdk-recoverable:drill',
  execution: 'cdk-recoverable:execution',
  expires: 'cdk-recoverable:expires',
} as const;

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export function drillTags(drill: DrillFacts): Tag[] {
  return [
    { Key: TAGS.site, Value: drill.site },
    { Key: TAGS.drill, Value: drill.id },
    { Key: TAGS.execution, Value: drill.execution },
    { Key: TAGS.expires, Value: drill.expiresAt },
  ];
}

export function tagValue(
  tags: readonly { readonly Key?: string; readonly Value?: string }[] | undefined,
  key: string,
): string | undefined {
  return tags?.find((tag) => tag.Key === key)?.Value;
}
