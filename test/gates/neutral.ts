/** Findings and paths without what differs between sites: Region, account, prefix, logical ids, names of stack and site. */
export function neutral(text: string): string {
  return text
    .replace(/<AWS::Partition>/g, '<partition>')
    .replace(/<AWS::(Region|AccountId)>/g, (_, name: string) => (name === 'Region' ? '<region>' : '<account>'))
    .replace(/\b(eu-west-[13]|eu-central-1|eu-south-1)\b/g, '<region>')
    .replace(/\b(?:111122223333|444455556666)\b/g, '<account>')
    .replace(/rcv-[a-z0-9-]+?-[0-9a-f]{8}-/g, '<prefix>')
    .replace(/<(?:Recovery|Site)(State|Evidence|Scratch)Bucket[0-9A-F]{8}\.Arn>/g, '<$1Bucket>')
    .replace(/<(?:Recovery|Site)Replicas[A-Za-z]+Bucket[0-9A-F]{8}\.Arn>/g, '<ReplicaBucket>')
    .replace(/arn:<partition>:s3:::<prefix>[0-9a-f]{12}-<account>/g, '<ReplicaBucket>')
    .replace(/<(?:Recovery|Site)((?:Functions|DeploymentBackups)[A-Za-z]+)[0-9A-F]{8}\.Arn>/g, '<$1>');
}

export function neutralPath(path: string): string {
  return path.replace(/^[^/]+\//, '').replace(/^(Recovery|Site)\//, '');
}
