import type { SettingInventory } from '../contract/inventory';
import type { Declared } from './database-facts';

/** Everything that a plan may set on a database of its app, as the template names it. */
const SETTINGS: Readonly<Record<string, string>> = {
  backupRetentionPeriod: 'BackupRetentionPeriod',
  preferredBackupWindow: 'PreferredBackupWindow',
  copyTagsToSnapshot: 'CopyTagsToSnapshot',
  deletionProtection: 'DeletionProtection',
  deleteAutomatedBackups: 'DeleteAutomatedBackups',
  automaticBackupReplicationRegion: 'AutomaticBackupReplicationRegion',
  automaticBackupReplicationKmsKeyId: 'AutomaticBackupReplicationKmsKeyId',
  automaticBackupReplicationRetentionPeriod: 'AutomaticBackupReplicationRetentionPeriod',
};

/**
 * Begins to watch a database. The answer says what has been set on it since, where its construct said nothing: on a database that
 * exists already these are the changes to production that a first deployment makes.
 */
export function watchSettings(declared: Declared | undefined): () => SettingInventory[] {
  const now = () => (declared ?? {}) as Record<string, unknown>;
  const before = Object.keys(SETTINGS).map((name) => [name, now()[name]] as const);
  return () =>
    before
      .filter(([name, value]) => now()[name] !== value)
      .map(([name]) => ({ property: SETTINGS[name], value: now()[name] }));
}
