import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import type { Check } from '../drill/check';
import type { WithoutCheck } from '../drill/standard-check';
import type { Alerts } from '../plan/alerts';
import type { Objectives } from '../plan/objectives';
import type { RecoveryPlan } from '../plan/recovery-plan';
import type { RecoverySite } from '../site/recovery-site';
import { renderAlerts } from './alerts';
import type { CheckDefinition } from './contract/checks';
import type { DrillDefinition, ResourceDefinition, SourceDefinition } from './contract/drill';
import type { BucketDefinition } from './contract/files';
import { renderObjectives } from './objectives/objectives';
import { standardCheckName } from './standard-checks';
import { requireText, ValidationError } from './validation';

/** A definition rides in a schedule's input and in the machine's state up to this size, bytes of JSON; tokens grow a little. */
const LARGEST_INLINE = 15_000;

export interface DefinitionParts {
  readonly drill: string;
  readonly plan: RecoveryPlan;
  /** As the stack of the drill may write it. */
  readonly resource: ResourceDefinition;
  readonly objectives: Objectives;
  readonly alerts: Alerts;
  readonly intervalSeconds: number;
  readonly sources: SourceDefinition[];
  readonly checks: Check[];
  readonly withoutChecks?: WithoutCheck[];
}

export function renderDefinition(parts: DefinitionParts): DrillDefinition {
  const { plan } = parts;
  return {
    schema: 'cdk-recoverable/drill/v1',
    drill: parts.drill,
    plan: plan.planName,
    owner: plan.owner,
    resource: parts.resource,
    objectives: renderObjectives(parts.objectives),
    intervalSeconds: parts.intervalSeconds,
    sources: parts.sources,
    checks: renderChecks(parts.drill, parts.checks),
    withoutChecks: renderWithoutChecks(parts.drill, parts.withoutChecks ?? []),
    alerts: renderAlerts(parts.alerts),
  };
}

/** Moves the checks of a large definition into an asset, and lets the first state of a drill read it. */
export function inlineOrAsset(drill: Construct, site: RecoverySite, definition: DrillDefinition): DrillDefinition {
  if (Buffer.byteLength(JSON.stringify(definition)) <= LARGEST_INLINE) return definition;
  const { checks, buckets } = withoutBuckets(definition.checks);
  const content = JSON.stringify(checks);
  const sha256 = createHash('sha256').update(content).digest('hex');
  // In the cloud assembly itself, so that it lives as long as what refers to it.
  const file = path.join(Stage.of(drill)!.assetOutdir, `checks.${sha256}.json`);
  writeFileSync(file, content);
  const asset = new Asset(drill, 'Checks', { path: file });
  new Policy(drill, 'ReadChecks', {
    roles: [site.functions.declare.role],
    statements: [
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [asset.bucket.arnForObjects(asset.s3ObjectKey)],
      }),
    ],
  });
  const inline = buckets.length > 0 ? { buckets } : {};
  return {
    ...definition,
    ...inline,
    checks: [],
    checksAsset: { bucket: asset.s3BucketName, key: asset.s3ObjectKey, sha256 },
  };
}

/** An asset is made at synthesis: what is known at deployment alone stays in the input, and is found by its name. */
function withoutBuckets(checks: readonly CheckDefinition[]): { checks: object[]; buckets: BucketDefinition[] } {
  const buckets = new Map<string, BucketDefinition>();
  const bare = checks.map((check) => {
    if (check.kind !== 'replica' && check.kind !== 'files-exist') return check;
    buckets.set(check.bucket.name, check.bucket);
    return { ...check, bucket: { name: check.bucket.name } };
  });
  return { checks: bare, buckets: [...buckets.values()] };
}

function renderChecks(drill: string, checks: Check[]): CheckDefinition[] {
  const rendered = checks.map((check) => check._render());
  const ids = rendered.map((check) => check.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new ValidationError(`two checks of drill ${drill} have the id ${twice}: evidence could not tell them apart`);
  }
  return rendered;
}

function renderWithoutChecks(drill: string, without: WithoutCheck[]): DrillDefinition['withoutChecks'] {
  const rendered = without.map(({ check, reason }) => ({
    check: standardCheckName(check),
    reason: requireText(reason, `the reason to leave out ${check} of drill ${drill}`, 500),
  }));
  const names = rendered.map(({ check }) => check);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ValidationError(`drill ${drill} leaves out ${twice} twice: give one reason`);
  return rendered;
}
