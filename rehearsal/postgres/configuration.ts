import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { giveTo, type ServerUser } from './identity';

export const SUPERUSER = 'rdsadmin';
/** The superuser's own database, where nobody else may connect. */
export const SUPERUSER_DATABASE = 'rdsadmin';

/** Where the parts of one server are. The data directory is the only one that a backup copies. */
export interface ServerPaths {
  readonly home: string;
  readonly data: string;
  readonly archive: string;
  readonly log: string;
}

export function serverPaths(home: string): ServerPaths {
  return { home, data: path.join(home, 'data'), archive: path.join(home, 'archive'), log: path.join(home, 'log') };
}

export interface ServerConfiguration {
  readonly paths: ServerPaths;
  readonly port: number;
  readonly tls: { readonly certificate: string; readonly key: string };
  /** Recovery settings of a restore; none for a new server. */
  readonly recovery?: Readonly<Record<string, string>>;
}

/** Writes the files the server is started with. They lie outside the data directory: a copy gets its own. */
export async function writeConfiguration(
  configuration: ServerConfiguration,
  user: ServerUser | undefined,
): Promise<string[]> {
  const { home, data } = configuration.paths;
  const file = path.join(home, 'postgresql.conf');
  const hba = path.join(home, 'pg_hba.conf');
  const ident = path.join(home, 'pg_ident.conf');
  await writeFile(file, settings(configuration, hba, ident), { mode: 0o600 });
  await writeFile(hba, HOST_RULES, { mode: 0o600 });
  await writeFile(ident, '', { mode: 0o600 });
  await giveTo(user, file, hba, ident);
  return ['-D', data, '-c', `config_file=${file}`];
}

/** The network is for TLS and never for the superuser, who comes through the socket in a directory of mode 0700. */
const HOST_RULES = [
  `local   all ${SUPERUSER}               scram-sha-256`,
  `hostssl all ${SUPERUSER} 127.0.0.1/32  reject`,
  `hostssl all all          127.0.0.1/32  scram-sha-256`,
  '',
].join('\n');

function settings({ paths, port, tls, recovery }: ServerConfiguration, hba: string, ident: string): string {
  const values: Record<string, string> = {
    hba_file: hba,
    ident_file: ident,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: paths.home,
    unix_socket_permissions: '0700',
    ssl: 'on',
    ssl_cert_file: tls.certificate,
    ssl_key_file: tls.key,
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    shared_buffers: '64MB',
    // What a power cut would lose is not worth keeping here; a killed server loses nothing by it.
    fsync: 'off',
    wal_level: 'replica',
    max_wal_size: '512MB',
    archive_mode: 'on',
    archive_command: archiveCommand(paths.archive),
    ...recovery,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${quoteSetting(value)}\n`)
    .join('');
}

/** Renamed into place, so that a file in the archive is always whole. */
function archiveCommand(archive: string): string {
  const quoted = shellWord(archive, '%f');
  const part = shellWord(archive, '.%f.part');
  return `cp %p ${part} && mv ${part} ${quoted}`;
}

/** Looks into each directory in turn. */
export function restoreCommand(directories: readonly string[]): string {
  return directories.map((directory) => `cp ${shellWord(directory, '%f')} %p`).join(' || ');
}

/** One word of a shell command of the server's, in which a percent sign of a path must be doubled. */
function shellWord(directory: string, file: string): string {
  const escaped = directory.replaceAll('%', '%%').replaceAll("'", String.raw`'\''`);
  return `'${escaped}/'${file}`;
}

function quoteSetting(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
