import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { drillStates } from '../private/drill-states';
import type { SiteFunctions } from '../site/site-functions';

/** What the state machine of drills is made with. */
export interface DrillStateMachineProps {
  /** The machine's fixed name: functions know its ARN before it exists. */
  readonly stateMachineName: string;
  /** The functions behind the states. */
  readonly functions: SiteFunctions;
}

/** Longest execution; what is still there afterwards is the sweeper's. */
const LONGEST_DRILL = Duration.hours(24);

/**
 * One drill, state by state. It ends Succeed for a PASSED drill alone, and Fail with `DrillFailed` or `DrillInconclusive`
 * otherwise, so that console and metrics say the truth. Execution data is not logged.
 */
export class DrillStateMachine extends Construct {
  /** The machine. */
  public readonly stateMachine: StateMachine;
  /** What the machine may do: invoke the functions of drills, log and trace. */
  public readonly role: Role;
  /** Its log. */
  public readonly logGroup: LogGroup;

  private restoresBuckets = false;

  constructor(scope: Construct, id: string, { stateMachineName, functions }: DrillStateMachineProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'Runs restore drills',
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName,
      role: this.role,
      comment: 'Restores a copy in isolation, checks it, measures RPO and RTO, removes it, records evidence',
      definitionBody: DefinitionBody.fromChainable(drillStates(this, functions, () => this.restoresBuckets)),
      timeout: LONGEST_DRILL,
      tracingEnabled: true,
      logs: { destination: this.logGroup, level: LogLevel.ALL, includeExecutionData: false },
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: functions._ofDrills().map((each) => each._versions()),
      }),
    );
  }
  /**
   * Drills restore buckets from recovery points: what these are of is known by the files alone.
   * @internal
   */
  public _restoreBuckets(): void {
    this.restoresBuckets = true;
  }
}
