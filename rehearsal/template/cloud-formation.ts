import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Functions } from '../functions/functions';
import type { Deployed } from './deployment';

/** What a custom resource answers to the address that came with a request. */
export interface CustomResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly RequestId: string;
  readonly Data?: Record<string, unknown>;
}

type Properties = Record<string, unknown>;

/** CloudFormation's half of custom resources: sends requests to their functions, takes the answers by HTTP. */
export class CloudFormation {
  private readonly waiting = new Map<string, (answer: CustomResourceAnswer) => void>();
  private readonly known = new Map<string, { readonly id: string; readonly properties: Properties }>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly functions: () => Functions,
  ) {}

  static async open(functions: () => Functions): Promise<CloudFormation> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const opened = new CloudFormation(server, (server.address() as AddressInfo).port, functions);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.end();
      const answer = JSON.parse(Buffer.concat(chunks).toString('utf8')) as CustomResourceAnswer;
      opened.waiting.get(answer.RequestId)?.(answer);
    });
    return opened;
  }

  /**
   * Deploys a custom resource with these properties, and then whatever comes after it. When either fails, the resource is
   * asked to go back; at last what was replaced is deleted. Answers every answer, in order.
   */
  async deploy(
    resource: Deployed,
    properties: Properties,
    after: () => Promise<void> = async () => {},
  ): Promise<CustomResourceAnswer[]> {
    const before = this.known.get(resource.logicalId);
    const answers = [await this.request(resource, before ? 'Update' : 'Create', properties, before)];
    const succeeded =
      answers[0].Status === 'SUCCESS' &&
      (await after()
        .then(() => true)
        .catch(() => false));
    const now = { id: answers[0].PhysicalResourceId, properties };
    if (succeeded) this.known.set(resource.logicalId, now);
    else if (before) {
      // An update that failed has not changed the physical id.
      const from = answers[0].Status === 'SUCCESS' ? now : { id: before.id, properties };
      answers.push(await this.request(resource, 'Update', before.properties, from));
    } else answers.push(await this.request(resource, 'Delete', properties, now));
    const replaced = succeeded ? before : now;
    if (before && replaced && before.id !== now.id) {
      answers.push(await this.request(resource, 'Delete', replaced.properties, replaced));
    }
    return answers;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async request(
    { logicalId, type }: Deployed,
    RequestType: 'Create' | 'Update' | 'Delete',
    ResourceProperties: Properties,
    before?: { readonly id: string; readonly properties: Properties },
  ): Promise<CustomResourceAnswer> {
    const RequestId = randomUUID();
    const answer = new Promise<CustomResourceAnswer>((resolve) => this.waiting.set(RequestId, resolve));
    const invoked = await this.functions().invoke(String(ResourceProperties.ServiceToken), {
      RequestType,
      RequestId,
      ResponseURL: `https://cloudformation-custom-resource-response.example/${RequestId}?signature=x`,
      StackId: 'arn:aws:cloudformation:eu-west-1:000000000000:stack/rehearsed/0',
      ResourceType: type,
      LogicalResourceId: logicalId,
      ResourceProperties,
      ...(before && { PhysicalResourceId: before.id }),
      ...(RequestType === 'Update' && { OldResourceProperties: before?.properties }),
    });
    if (invoked.functionError) throw new Error(`the custom resource's function failed: ${invoked.payload}`);
    try {
      return await answer;
    } finally {
      this.waiting.delete(RequestId);
    }
  }
}
