import { Lazy } from 'aws-cdk-lib';
import { Condition } from 'aws-cdk-lib/aws-stepfunctions';

/**
 * Whether files are restored. Of what is restored from recovery points the kind does not say it; whether there is any such drill is
 * known at the end of synthesis alone.
 */
export class OfFiles extends Condition {
  constructor(private readonly buckets: () => boolean) {
    super();
  }

  public renderCondition(): object {
    const produce = () => this.ways().map((way) => way.renderCondition() as object);
    return { Or: Lazy.any({ produce }) };
  }

  private ways(): Condition[] {
    const kinds = ['replica', 'versions'].map((kind) => Condition.stringEquals('$.source.kind', kind));
    return this.buckets() ? [...kinds, Condition.isPresent('$.source.files')] : kinds;
  }
}
