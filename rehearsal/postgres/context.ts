import type { Binaries } from './binaries';
import type { ServerUser } from './identity';
import type { ServerProcess } from './server-process';

/** What every server of one engine shares. */
export interface EngineContext {
  readonly binaries: Binaries;
  readonly user: ServerUser | undefined;
  readonly root: string;
  readonly tls: { readonly certificate: string; readonly key: string };
  /** Of every server's own superuser; random, and never outside this process and the servers. */
  readonly superuserPassword: string;
  /** A directory name that was not given before. */
  nextName(kind: 'server' | 'backup'): string;
  /** Remembers a process, so that closing the engine stops it. */
  watch(process: ServerProcess): void;
}
