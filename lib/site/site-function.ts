import * as path from 'node:path';
import { Arn, ArnFormat, type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { attachToNetwork } from '../private/permissions/network';
import type { DrillNetwork } from './drill-network';

/** What a function of the site is made with. */
export interface SiteFunctionProps {
  /** Names of function and log group begin with this. */
  readonly prefix: string;
  /** What the function does, for the console. */
  readonly description: string;
  /** The folder of the built handler, and the end of the function's name. */
  readonly handlerName: string;
  /**
   * Ends the function's name where a site may have several of its kind.
   * @default - there is one
   */
  readonly nameSuffix?: string;
  /** Environment variables, beside those of every function. */
  readonly environment: { [name: string]: string };
  /** Longest run. */
  readonly timeout: Duration;
  /**
   * Memory, MiB.
   * @default 256
   */
  readonly memorySize?: number;
  /**
   * The network that the function runs in.
   * @default - none: the function calls AWS
   */
  readonly network?: DrillNetwork;
}

/** Of every function: how it logs, and how it asks again when AWS throttles. */
const ENVIRONMENT = {
  POWERTOOLS_SERVICE_NAME: 'cdk-recoverable',
  POWERTOOLS_LOG_LEVEL: 'INFO',
  AWS_MAX_ATTEMPTS: '8',
  AWS_RETRY_MODE: 'standard',
};

/** Where the handlers are, from both this folder and the built one. */
const HANDLERS = path.join(__dirname, '..', '..', 'assets', 'handlers');

/** One function of the site with a role and a log group of its own; its role can do nothing but log until it is granted. */
export class SiteFunction extends Construct {
  /** The function. */
  public readonly lambdaFunction: LambdaFunction;
  /** What the function may do. */
  public readonly role: Role;
  /** Where it logs: names, statuses and times, never data. */
  public readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: SiteFunctionProps) {
    super(scope, id);
    const functionName = `${props.prefix}${props.handlerName}${props.nameSuffix ?? ''}`;
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    this._allow(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    if (props.network) this._allow(...attachToNetwork(this.arnOf(functionName)));
    this.lambdaFunction = new LambdaFunction(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(path.join(HANDLERS, props.handlerName)),
      handler: 'index.handler',
      role: this.role,
      logGroup: this.logGroup,
      timeout: props.timeout,
      memorySize: props.memorySize ?? 256,
      environment: { ...ENVIRONMENT, ...props.environment },
      // A drill that is running when the site is deployed again goes on with the code it began with.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      ...(props.network && {
        vpc: props.network.network,
        vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
        securityGroups: [props.network.verifierSecurityGroup],
      }),
    });
  }

  /**
   * Grants the function's role.
   * @internal
   */
  public _allow(...statements: PolicyStatement[]): void {
    for (const statement of statements) this.role.addToPolicy(statement);
  }

  /**
   * Every version of the function: a running drill keeps the one it began with.
   * @internal
   */
  public _versions(): string {
    return `${this.lambdaFunction.functionArn}:*`;
  }

  /** Built from the name: the role's policy names its own function, which needs the role first. */
  private arnOf(functionName: string): string {
    return Arn.format(
      {
        service: 'lambda',
        resource: 'function',
        resourceName: functionName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      },
      Stack.of(this),
    );
  }
}
