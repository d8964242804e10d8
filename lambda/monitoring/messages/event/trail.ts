import { record, text, type BusEvent } from './payload';

/** A call of an API, as CloudTrail tells it. */
export interface ApiCall {
  readonly name: string;
  readonly service: string;
  readonly id: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Who called, as a person finds them in IAM. */
  readonly who: string;
  /** ARN of the role, where it was one. */
  readonly role?: string;
  /** The AWS service on whose behalf it was done. */
  readonly invokedBy?: string;
  readonly fromCloudFormation: boolean;
  /** Absent: it was done. */
  readonly refused?: string;
}

export function apiCallOf({ detail, 'detail-type': type }: BusEvent): ApiCall | undefined {
  const [name, service] = [text(detail.eventName), text(detail.eventSource)];
  if (type !== 'AWS API Call via CloudTrail' || !name || !service) return undefined;
  const identity = record(detail.userIdentity);
  const issuer = record(record(identity.sessionContext).sessionIssuer);
  const refused = text(detail.errorCode);
  const [role, invokedBy] = [text(issuer.arn), text(identity.invokedBy)];
  return {
    name,
    service,
    id: text(detail.eventID) ?? '',
    parameters: record(detail.requestParameters),
    who: text(identity.arn) ?? role ?? invokedBy ?? text(identity.type) ?? 'somebody unknown',
    ...(role && { role }),
    ...(invokedBy && { invokedBy }),
    fromCloudFormation: text(detail.sourceIPAddress) === 'cloudformation.amazonaws.com',
    ...(refused && { refused }),
  };
}
