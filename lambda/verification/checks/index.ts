import type { CheckDefinition, StandardCheckName } from '../../../lib/private/contract/checks';
import type { CheckKind, StandardCheck } from '../conclusion';
import { connect } from './connect';
import { filesExist } from './files-exist';
import { foreignKeys } from './foreign-keys';
import { freshness } from './freshness';
import { migrations } from './migrations';
import { noTableEmptied } from './no-table-emptied';
import { query } from './query';
import { replica } from './replica';
import { rowCount } from './row-count';
import { schemaVersion } from './schema-version';
import { settings } from './settings';
import { tableSet } from './table-set';

/** Always on, in the order of evidence. */
export const STANDARD: Readonly<Record<StandardCheckName, StandardCheck>> = {
  connect,
  settings,
  migrations,
  'table-set': tableSet,
  'foreign-keys': foreignKeys,
  'no-table-emptied': noTableEmptied,
};

/** A user's checks by kind: a new kind is a file and a line here. */
export const KINDS: { readonly [K in CheckDefinition['kind']]: CheckKind<Extract<CheckDefinition, { kind: K }>> } = {
  'row-count': rowCount,
  query,
  freshness,
  'schema-version': schemaVersion,
  replica,
  'files-exist': filesExist,
};
