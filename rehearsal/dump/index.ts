export { DumpError } from './dump-error';
export { loadDump, type LoadedDump } from './load-dump';
