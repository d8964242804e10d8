import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NamedError } from '../../shared/named-error';

const KEPT_MILLISECONDS = 5 * 60_000;

/** The text of a secret, read once and kept for some minutes: what is rotated is known soon without asking each time. */
export class KeptSecret {
  private kept?: { readonly text: string; readonly until: number };

  constructor(
    private readonly client: SecretsManagerClient,
    private readonly id: string,
  ) {}

  async get(): Promise<string> {
    return this.kept && Date.now() < this.kept.until ? this.kept.text : this.renew();
  }

  /** Reads it again, whatever is kept. */
  async renew(): Promise<string> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: this.id }));
    if (!SecretString) throw new NamedError('InvalidSecret', `secret ${this.id} holds no text`);
    this.kept = { text: SecretString.trim(), until: Date.now() + KEPT_MILLISECONDS };
    return this.kept.text;
  }
}
