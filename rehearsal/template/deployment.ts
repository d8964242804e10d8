import { arnOf, physicalName, refOf, type Place } from './physical';
import type { Resource, Template } from './template';

export interface Deployed {
  readonly logicalId: string;
  readonly type: string;
  /** Physical name. */
  readonly name: string;
  readonly arn: string;
  /** With every intrinsic function resolved. */
  readonly properties: Record<string, unknown>;
}

type Json = unknown;

/** The argument of Fn::GetStackOutput. */
interface OutputElsewhere {
  readonly StackName: string;
  readonly OutputName: string;
  readonly Region?: string;
}

const IDENTIFIERS = ['BackupPlanId', 'BackupVaultName', 'GroupId', 'KeyId', 'SubnetId', 'TopicName', 'VpcId'];

/** A template as if CloudFormation had created it: names chosen, references resolved. Nothing is created anywhere. */
export class Deployment {
  private readonly names = new Map<string, string>();

  constructor(
    private readonly template: Template,
    readonly place: Place,
    /** Stacks of the same app that were deployed before, whatever their Region: this one may read their outputs. */
    private readonly before: readonly Deployment[] = [],
  ) {}

  /** Every resource of a type, in the template's order. */
  all(type: string): Deployed[] {
    return Object.entries(this.template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => this.deployed(logicalId, resource));
  }

  /** The only resource of a type whose logical id contains a word. */
  one(type: string, word = ''): Deployed {
    const found = this.all(type).filter(({ logicalId }) => logicalId.includes(word));
    if (found.length !== 1) {
      throw new Error(
        `expected one ${type} named like "${word}" in the template, found ${found.map(({ logicalId }) => logicalId).join(', ') || 'none'}`,
      );
    }
    return found[0];
  }

  /** What the stack says to whoever asks. */
  output(name: string): Json {
    const output = this.template.Outputs?.[name];
    if (!output) throw new Error(`stack ${this.place.stack} has no output ${name}`);
    return this.resolve(output.Value);
  }

  /** Resolves every intrinsic function in a value. */
  resolve(value: Json): Json {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value);
    if (entries.length === 1) {
      const [key, argument] = entries[0];
      if (key === 'Ref') return this.ref(argument as string);
      if (key.startsWith('Fn::')) return this.intrinsic(key.slice(4), argument);
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key, this.resolve(item)]).filter(([, item]) => item !== undefined),
    );
  }

  private deployed(logicalId: string, resource: Resource): Deployed {
    const name = this.name(logicalId);
    const arn =
      resource.Type === 'AWS::Lambda::Version' ? this.versionArn(resource) : arnOf(resource.Type, name, this.place);
    return {
      logicalId,
      type: resource.Type,
      name,
      arn,
      properties: (this.resolve(resource.Properties ?? {}) ?? {}) as Record<string, unknown>,
    };
  }

  private name(logicalId: string): string {
    const known = this.names.get(logicalId);
    if (known) return known;
    const name = physicalName(logicalId, this.resource(logicalId), this.place, (value) => this.resolve(value));
    this.names.set(logicalId, name);
    return name;
  }

  private resource(logicalId: string): Resource {
    const resource = this.template.Resources[logicalId];
    if (!resource) throw new Error(`the template refers to ${logicalId}, which it does not hold`);
    return resource;
  }

  /** A version's ARN is its function's with a number; the rehearsal deploys once, so the number is 1. */
  private versionArn(resource: Resource): string {
    const name = String(this.resolve(resource.Properties?.FunctionName));
    return `${name.startsWith('arn:') ? name : arnOf('AWS::Lambda::Function', name, this.place)}:1`;
  }

  private ref(target: string): Json {
    const { region, account, stack } = this.place;
    const pseudo: Record<string, Json> = {
      'AWS::Region': region,
      'AWS::AccountId': account,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack}/00000000-0000-4000-8000-000000000000`,
      'AWS::NoValue': undefined,
    };
    if (target in pseudo) return pseudo[target];
    const parameter = this.template.Parameters?.[target];
    if (parameter) return parameter.Default;
    const resource = this.resource(target);
    if (resource.Type === 'AWS::Lambda::Version') return this.versionArn(resource);
    return refOf(resource.Type, this.name(target), this.place);
  }

  private attribute(target: string, attribute: string): Json {
    const resource = this.resource(target);
    if (['Arn', 'DBInstanceArn', 'BackupVaultArn', 'BackupPlanArn'].includes(attribute))
      return this.deployedArn(target, resource);
    // Attributes that are the identifier itself, which is what we name the resource by.
    if (IDENTIFIERS.includes(attribute)) return this.name(target);
    if (attribute === 'Version') return '1';
    return `${this.name(target)}.${attribute}`;
  }

  private deployedArn(target: string, resource: Resource): string {
    return resource.Type === 'AWS::Lambda::Version'
      ? this.versionArn(resource)
      : arnOf(resource.Type, this.name(target), this.place);
  }

  private intrinsic(name: string, argument: Json): Json {
    switch (name) {
      case 'GetAtt': {
        const [target, attribute] = Array.isArray(argument) ? argument : String(argument).split(/\.(.*)/s);
        return this.attribute(target as string, attribute as string);
      }
      case 'Join': {
        const [separator, parts] = argument as [string, Json];
        return (this.resolve(parts) as string[]).join(separator);
      }
      case 'Sub':
        return this.substitute(argument);
      case 'Select': {
        const [index, list] = argument as [number | string, Json];
        return (this.resolve(list) as Json[])[Number(index)];
      }
      case 'Split': {
        const [separator, text] = argument as [string, Json];
        return String(this.resolve(text)).split(separator);
      }
      case 'GetAZs':
        return ['a', 'b', 'c'].map((zone) => this.place.region + zone);
      case 'GetStackOutput':
        return this.outputElsewhere(this.resolve(argument) as OutputElsewhere);
      default:
        throw new Error(`the rehearsal does not know Fn::${name}`);
    }
  }

  private outputElsewhere({ StackName, OutputName, Region = this.place.region }: OutputElsewhere): Json {
    const found = this.before.find(({ place }) => place.stack === StackName && place.region === Region);
    if (!found)
      throw new Error(`stack ${StackName} in ${Region}, whose output ${OutputName} is asked for, is not deployed`);
    return found.output(OutputName);
  }

  private substitute(argument: Json): string {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, Json>];
    return text.replace(/\$\{([^!}][^}]*)\}/g, (_, variable: string) => {
      if (variable in variables) return String(this.resolve(variables[variable]));
      return String(variable.includes('.') ? this.intrinsic('GetAtt', variable) : this.ref(variable));
    });
  }
}
