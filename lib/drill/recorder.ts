import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { SiteFunction } from '../site/site-function';

/** What the recorder is made with. */
export interface RecorderProps {
  /** The site's name. */
  readonly siteName: string;
  /** The machine of drills. */
  readonly stateMachine: IStateMachine;
  /** What records. */
  readonly recorderFunction: SiteFunction;
}

/** Hears of every execution that did not succeed, and records evidence of a drill that could not do so itself. */
export class Recorder extends Construct {
  /** What it hears. */
  public readonly rule: Rule;

  constructor(scope: Construct, id: string, props: RecorderProps) {
    super(scope, id);
    this.rule = new Rule(this, 'Rule', {
      description: `Drills of recovery site ${props.siteName} that did not pass`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['ABORTED', 'FAILED', 'TIMED_OUT'],
          stateMachineArn: [props.stateMachine.stateMachineArn],
        },
      },
      targets: [new LambdaFunction(props.recorderFunction.lambdaFunction, { maxEventAge: Duration.hours(1) })],
    });
  }
}
