import { AssetManifestArtifact, CloudAssembly, type CloudFormationStackArtifact } from '@aws-cdk/cloud-assembly-api';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { ResourceInventory, SiteInventory } from '../../lib/private/contract/inventory';

/** What is no cloud assembly, or none that can be read: the user can mend that. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateResource {
  readonly Type?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** One stack that is deployed by itself, with the templates of its nested stacks. */
export interface AssembledStack {
  /** Path of the stack in the app. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Folder of the stack's own assembly: that of the app, or of a stage. */
  readonly folder: string;
  /** By file in that folder. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Logical ids of nested stacks whose template is not in the assembly. */
  readonly unread: readonly string[];
  readonly resources: readonly Said<ResourceInventory>[];
  readonly sites: readonly Said<SiteInventory>[];
  /** Logical ids below each path of the construct tree. */
  readonly logicalIds: ReadonlyMap<string, string>;
}

/** An entry of the construct tree. */
export interface Said<T> {
  readonly path: string;
  readonly data: T;
}

/** Reads what `cdk synth` wrote: every stack, those of stages and nested ones too. Nothing of it is run. */
export function readAssembly(folder: string): AssembledStack[] {
  if (!existsSync(path.join(folder, 'manifest.json'))) {
    throw new AssemblyError(`${folder} is no cloud assembly: it holds no manifest.json; run \`cdk synth\` first`);
  }
  const root = realpathSync(folder);
  try {
    // An assembly of a newer CDK is read as far as it is understood.
    const assembly = new CloudAssembly(root, { skipVersionCheck: true, skipEnumCheck: true });
    return assembly.stacksRecursively.map((stack) => readStack(root, stack));
  } catch (error) {
    if (error instanceof AssemblyError || !(error instanceof Error)) throw error;
    throw new AssemblyError(`${folder} is no cloud assembly that can be read: ${error.message}`);
  }
}

function readStack(root: string, stack: CloudFormationStackArtifact): AssembledStack {
  const folder = stack.assembly.directory;
  const entries = Object.entries(stack.metadata).flatMap(([at, all]) => all.map((entry) => ({ path: at, ...entry })));
  const said = <T>(type: string, schema: string) =>
    entries
      .filter((entry) => entry.type === type)
      .map(({ path: at, data }) => ({ path: at, data: known<T>(data, schema, at) }));
  return {
    name: stack.hierarchicalId,
    account: stack.environment.account,
    region: stack.environment.region,
    folder,
    ...readTemplates(root, stack),
    resources: said<ResourceInventory>('cdk-recoverable:resource', 'cdk-recoverable/resource/v1'),
    sites: said<SiteInventory>('cdk-recoverable:site', 'cdk-recoverable/site/v1'),
    logicalIds: new Map(
      entries.filter(({ type }) => type === 'aws:cdk:logicalId').map(({ path: at, data }) => [at, String(data)]),
    ),
  };
}

function known<T>(data: unknown, schema: string, at: string): T {
  const found = (data as { readonly schema?: unknown } | null)?.schema;
  if (found !== schema) {
    throw new AssemblyError(
      `${at} says what it is in ${JSON.stringify(found) ?? 'no schema'}, and this command reads ${schema}: use the command of the version that the app was synthesized with`,
    );
  }
  return data as T;
}

/** A stack's template and those of its nested stacks: the address of a nested one holds the key of its asset. */
function readTemplates(root: string, stack: CloudFormationStackArtifact) {
  const assets = Object.entries(filesOf(stack));
  const templates = new Map<string, Template>();
  const unread: string[] = [];
  const waiting = [stack.templateFile];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (templates.has(file)) continue;
    const template = readTemplate(root, path.resolve(stack.assembly.directory, file));
    templates.set(file, template);
    for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources ?? {})) {
      if (Type !== 'AWS::CloudFormation::Stack') continue;
      const address = JSON.stringify(Properties?.TemplateURL ?? '');
      const [, asset] = assets.find(([key]) => address.includes(key)) ?? [];
      if (asset?.source.path) waiting.push(asset.source.path);
      else unread.push(logicalId);
    }
  }
  return { templates, unread };
}

function filesOf(stack: CloudFormationStackArtifact): Readonly<Record<string, { source: { path?: string } }>> {
  const manifests = stack.dependencies.filter((one) => AssetManifestArtifact.isAssetManifestArtifact(one));
  return Object.assign({}, ...manifests.map((one) => one.contents.files ?? {}));
}

function readTemplate(root: string, file: string): Template {
  const real = realpathSync(file);
  if (!real.startsWith(root + path.sep)) throw new AssemblyError(`the template ${file} is not in the assembly ${root}`);
  const template: unknown = JSON.parse(readFileSync(real, 'utf8'));
  if (!isRecord(template) || !Object.values(template.Resources ?? {}).every(isRecord)) {
    throw new AssemblyError(`${file} is no CloudFormation template`);
  }
  return template;
}

function isRecord(value: unknown): value is Record<string, object> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
