import type { Expectation } from '../private/contract/checks';
import { requireFinite, requireText, ValidationError } from '../private/validation';

/** What the first column of the first row of a query's answer must satisfy. */
export class Expect {
  /** A number not below the limit. */
  public static atLeast(limit: number): Expect {
    return new Expect({ atLeast: requireFinite(limit, 'Expect.atLeast') });
  }

  /** A number not above the limit. */
  public static atMost(limit: number): Expect {
    return new Expect({ atMost: requireFinite(limit, 'Expect.atMost') });
  }

  /** A number from `lowest` to `highest`, both included. */
  public static between(lowest: number, highest: number): Expect {
    requireFinite(lowest, 'the lowest value of Expect.between');
    requireFinite(highest, 'the highest value of Expect.between');
    if (lowest > highest) {
      throw new ValidationError(
        `Expect.between takes the lowest value first, got: ${lowest} and ${highest}; nothing can satisfy that`,
      );
    }
    return new Expect({ between: [lowest, highest] });
  }

  /** Exactly this, compared as text. */
  public static equalTo(value: string): Expect {
    return new Expect({ equals: value === '' ? '' : requireText(value, 'Expect.equalTo', 1_000) });
  }

  private constructor(private readonly expectation: Expectation) {}

  /** @internal */
  public _render(): Expectation {
    return this.expectation;
  }
}
