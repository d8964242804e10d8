/** Headlines by id of the finding: what is so of the resources that are named before it. */
export const TITLES = {
  'automated-backups-off': 'automated backups are off',
  'retention-lowered': 'backups are kept too short',
  'window-short': 'point-in-time history is short',
  'resource-gone': 'it is gone',
  'resource-stopped': 'the database is stopped',
  'replication-gone': 'backups are not replicated',
  'versioning-off': 'the bucket keeps no versions',
  'replication-stopped': 'the bucket is not replicated',
  'continuous-stopped': 'continuous backup has stopped',
  'key-unusable': 'the encryption key is unusable',
  'key-policy': 'a key policy would stop a restore',
  'key-unseen': 'a key could not be looked at',
  'vault-gone': 'the backup vault is gone',
  'vault-unseen': 'a backup vault could not be looked at',
  'quota-near': 'a quota of RDS is nearly used up',
  'opt-in-off': 'AWS Backup is not opted in',
} as const;
