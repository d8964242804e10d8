import { Client } from 'pg';
import { openPostgresEngine } from '../../../rehearsal/postgres';
import type { DatabaseEngine, RunningDatabase } from '../../../rehearsal/database-engine';
import { ask, connectMaster, MASTER } from './helpers';

describe('a server', () => {
  let engine: DatabaseEngine;
  let database: RunningDatabase;

  beforeAll(async () => {
    engine = await openPostgresEngine();
    database = await engine.create(MASTER);
  });

  afterAll(() => engine?.close());

  test('refuses a connection without TLS, and one whose client trusts another authority', async () => {
    const { address: host, port } = database;
    const login = { host, port, user: MASTER.masterUsername, password: MASTER.masterPassword, database: 'postgres' };
    await expect(new Client({ ...login, ssl: false }).connect()).rejects.toThrow('no encryption');
    await expect(new Client({ ...login, ssl: true }).connect()).rejects.toThrow(/certificate/);
    const client = await connectMaster(engine, database);
    const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    expect(rows).toEqual([{ ssl: true }]);
    await client.end();
  });

  test('its certificate is good for localhost by name, too', async () => {
    const client = new Client({
      host: 'localhost',
      port: database.port,
      user: MASTER.masterUsername,
      password: MASTER.masterPassword,
      database: 'postgres',
      ssl: { ca: engine.certificateAuthority },
    });
    await client.connect();
    await client.end();
  });

  test('the master has the rights of a real one: no superuser, but databases, roles and monitoring', async () => {
    expect(
      await ask(
        engine,
        database,
        `SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
                pg_has_role(rolname, 'rds_superuser', 'member') AS member,
                pg_has_role(rolname, 'pg_monitor', 'usage') AS monitor
           FROM pg_roles WHERE rolname = current_user`,
      ),
    ).toEqual([
      {
        rolsuper: false,
        rolcreatedb: true,
        rolcreaterole: true,
        rolreplication: false,
        rolbypassrls: false,
        member: true,
        monitor: true,
      },
    ]);
    await expect(ask(engine, database, 'ALTER SYSTEM SET work_mem = 1')).rejects.toThrow('permission denied');
    await expect(ask(engine, database, `SELECT pg_read_file('/etc/passwd')`)).rejects.toThrow('permission denied');
    await expect(ask(engine, database, 'ALTER ROLE rdsadmin LOGIN')).rejects.toThrow('permission denied');
    await ask(engine, database, 'CREATE DATABASE another');
    await ask(engine, database, 'CREATE ROLE app LOGIN');
  });

  test('nobody but the superuser gets into its database, and the superuser has no way in over the network', async () => {
    await expect(connectMaster(engine, database, { database: 'rdsadmin' })).rejects.toThrow(
      'permission denied for database',
    );
    const { address: host, port } = database;
    const ssl = { ca: engine.certificateAuthority };
    const intruder = new Client({ host, port, user: 'rdsadmin', password: '', database: 'postgres', ssl });
    await expect(intruder.connect()).rejects.toThrow('pg_hba.conf rejects connection');
  });

  test('the superuser comes in over the socket', async () => {
    const client = await database.superuser('rdsadmin');
    const { rows } = await client.query(
      'SELECT current_user, inet_client_addr() AS address, rolsuper FROM pg_roles WHERE rolname = current_user',
    );
    expect(rows).toEqual([{ current_user: 'rdsadmin', address: null, rolsuper: true }]);
    await client.end();
  });

  test('holds text of every script, sorts by code point and counts in UTC', async () => {
    expect(
      await ask(engine, database, `SELECT upper('straße Ünï 日本') AS text, current_setting('timezone') AS zone`),
    ).toEqual([{ text: 'STRASSE ÜNÏ 日本'.replace('SS', 'ß'), zone: 'UTC' }]);
  });

  test.each(['rdsadmin', 'rds_superuser', 'pg_monitor', ''])(
    'the master may not be called %p',
    async (masterUsername) => {
      await expect(engine.create({ masterUsername, masterPassword: 'long-enough' })).rejects.toMatchObject({
        name: 'ReservedName',
      });
    },
  );

  test('the master may be called anything else', async () => {
    const odd = await engine.create({
      masterUsername: `o"dd'; DROP ROLE x; -- <b>ü`,
      masterPassword: MASTER.masterPassword,
    });
    expect(await ask(engine, odd, 'SELECT current_user')).toEqual([{ current_user: `o"dd'; DROP ROLE x; -- <b>ü` }]);
    const backup = await odd.backup();
    const copy = await engine.restore(backup);
    expect(copy.masterUsername).toBe(odd.masterUsername);
    await Promise.all([odd.destroy(), copy.destroy()]);
  });

  test('stopped, it can still be destroyed; both may be asked twice', async () => {
    const other = await engine.create(MASTER);
    await other.stop();
    await expect(ask(engine, other, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await Promise.all([other.destroy(), other.stop()]);
    await other.destroy();
  });
});
