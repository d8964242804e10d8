import path from 'node:path';
import { assetsFolder } from '../package-root';
import { Deployment } from '../template/deployment';
import { readTemplate } from '../template/template';
import { ACCOUNT } from './settings';
import { REGION, RehearsedSite, STACK, type SiteOptions } from './site';

/** A stack, by what it is called and where. */
interface Stack {
  readonly stack: string;
  readonly region: string;
}

export interface OpenedSites {
  readonly site: RehearsedSite;
  /** Those it was deployed after. */
  readonly elsewhere: readonly RehearsedSite[];
  /** Closes all of them. */
  readonly close: () => Promise<void>;
}

/** Deploys a stack of an assembly, after those elsewhere whose outputs it reads. */
export async function openSites(options: SiteOptions): Promise<OpenedSites> {
  const cloudAssembly = options.cloudAssembly ?? path.join(assetsFolder(), 'example');
  const home = { stack: options.stack ?? STACK, region: options.region ?? REGION };
  const elsewhere: RehearsedSite[] = [];
  const closeElsewhere = () => Promise.all(elsewhere.map((site) => site.close()));
  try {
    for (const before of inOrder(cloudAssembly, home).slice(0, -1)) {
      const folder = path.join(options.folder, 'elsewhere', before.stack);
      const more = { ...before, cloudAssembly, folder, elsewhere: [...elsewhere] };
      elsewhere.push(await RehearsedSite.open({ ...options, ...more }));
    }
    const site = await RehearsedSite.open({ ...options, ...home, cloudAssembly, elsewhere });
    const close = async () => {
      await site.close();
      await closeElsewhere();
    };
    return { site, elsewhere, close };
  } catch (error) {
    await closeElsewhere();
    throw error;
  }
}

/** What a stack's template comes to, behind those whose outputs it reads. */
export function deploymentsOf(cloudAssembly: string, home: Stack): Deployment[] {
  const deployed: Deployment[] = [];
  for (const { stack, region } of inOrder(cloudAssembly, home)) {
    const template = readTemplate(path.join(cloudAssembly, `${stack}.template.json`));
    deployed.push(new Deployment(template, { stack, region, account: ACCOUNT }, [...deployed]));
  }
  return deployed;
}

/** A stack behind all those whose outputs it reads. */
function inOrder(cloudAssembly: string, last: Stack, seen = new Set<string>()): Stack[] {
  if (seen.has(last.stack)) return [];
  seen.add(last.stack);
  const template = readTemplate(path.join(cloudAssembly, `${last.stack}.template.json`));
  const read: Stack[] = [];
  // Every place in a template may read an output.
  JSON.stringify(template, (key, value: unknown) => {
    if (key === 'Fn::GetStackOutput') {
      const { StackName: stack, Region: region = last.region } = value as { StackName: string; Region?: string };
      read.push({ stack, region });
    }
    return value;
  });
  return [...read.flatMap((one) => inOrder(cloudAssembly, one, seen)), last];
}
