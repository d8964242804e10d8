import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** Clients of each Region, made when they are needed and kept as long as the function. */
export function s3Clients(requestHandler: S3ClientConfig['requestHandler']): (region: string) => S3Client {
  const clients = new Map<string, S3Client>();
  return (region) => {
    const known = clients.get(region);
    if (known) return known;
    const client = new S3Client({ region, requestHandler });
    clients.set(region, client);
    return client;
  };
}
