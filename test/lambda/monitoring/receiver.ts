import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FunctionProcess } from '../../../rehearsal/functions/function-process';
import { makeCertificates } from '../../../rehearsal/postgres/certificates';
import { region, until } from '../../rehearsal/aws/support';
import type { Deployed } from './deployed';

const ASSETS = path.resolve(__dirname, '..', '..', '..', 'assets');

export interface Heard {
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request; a server that does nothing is slow. */
export type Answer = (response: ServerResponse, heard: Heard) => void;

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end('an answer that nobody reads');

/** A service outside AWS, over TLS, with an authority of its own. */
export async function openReceiver() {
  const folder = mkdtempSync(path.join(tmpdir(), 'receiver-'));
  const { authority, server: cert, serverKey: key } = await makeCertificates();
  const authorityFile = path.join(folder, 'authority.pem');
  writeFileSync(authorityFile, authority);
  const heard: Heard[] = [];
  const answers: Answer[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      heard.push(one);
      (answers.shift() ?? status(204))(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const processes: FunctionProcess[] = [];
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    heard,
    /** How the next requests are answered; after them, with 204. */
    answer: (...next: Answer[]) => void answers.push(...next),
    /** A bundled function under its own role of the template, which trusts the authority unless told not to. */
    functionOf: (site: Deployed, handler: string, environment: Record<string, string> = {}) => {
      const deployed = site.deployment.all('AWS::Lambda::Function').find(({ name }) => name.includes(`-${handler}-`));
      const { Variables } = deployed!.properties.Environment as { Variables: Record<string, string> };
      const name = `${deployed!.name}-${processes.length}`;
      const made = new FunctionProcess({
        name,
        bundle: path.join(ASSETS, 'handlers', handler, 'index.mjs'),
        bootstrap: path.join(ASSETS, 'command', 'bootstrap.mjs'),
        environment: {
          ...Variables,
          AWS_REGION: region,
          AWS_ENDPOINT_URL: site.aws.url,
          AWS_ACCESS_KEY_ID: deployed!.logicalId,
          AWS_SECRET_ACCESS_KEY: 'not checked here',
          AWS_CONFIG_FILE: '/dev/null',
          AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
          NODE_EXTRA_CA_CERTS: authorityFile,
          ...environment,
        },
        timeoutSeconds: 60,
        logs: folder,
      });
      processes.push(made);
      return {
        invoke: async (event: unknown) => JSON.parse((await made.invoke(event)).payload) as unknown,
        /** What it has logged, as soon as that contains this: what a process prints comes later than its answer. */
        log: (containing: string) =>
          until(
            async () => readFileSync(path.join(folder, `${name}.log`), { encoding: 'utf8', flag: 'a+' }),
            (text) => text.includes(containing),
          ),
      };
    },
    close: async () => {
      await Promise.all(processes.map((one) => one.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;
