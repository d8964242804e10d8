/**
 * A dump's bytes are in the encoding it names (SET client_encoding) and UTF-8 until then. Everything is sent to the
 * server as UTF-8, so the statement that names the encoding is for us and not for the server.
 */
export interface DumpEncoding {
  readonly name: string;
  /** UTF-8 passes through as it is; the server looks whether it is valid. */
  readonly isUtf8: boolean;
  /** Throws a TypeError when the bytes are not of this encoding. */
  decode(bytes: Buffer): string;
  /** For data that comes in pieces, whose characters may be cut in two. */
  decoder(): { write(bytes: Buffer): string; end(): string };
}

/** By PostgreSQL's name without its signs. All leave ASCII alone: SJIS, BIG5, GBK and their like do not. */
const LABELS: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  unicode: 'utf-8',
  sqlascii: 'utf-8',
  latin1: 'latin1',
  iso88591: 'latin1',
  latin2: 'iso-8859-2',
  latin3: 'iso-8859-3',
  latin4: 'iso-8859-4',
  latin6: 'iso-8859-10',
  latin7: 'iso-8859-13',
  latin8: 'iso-8859-14',
  latin9: 'iso-8859-15',
  latin10: 'iso-8859-16',
  iso88595: 'iso-8859-5',
  iso88596: 'iso-8859-6',
  iso88597: 'iso-8859-7',
  iso88598: 'iso-8859-8',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  win866: 'ibm866',
  win874: 'windows-874',
  win1250: 'windows-1250',
  win1251: 'windows-1251',
  win1252: 'windows-1252',
  win1253: 'windows-1253',
  win1254: 'windows-1254',
  win1255: 'windows-1255',
  win1256: 'windows-1256',
  win1257: 'windows-1257',
  win1258: 'windows-1258',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
};

export const UTF8 = encodingNamed('UTF8') as DumpEncoding;

/** Undefined when the encoding is not supported. */
export function encodingNamed(name: string): DumpEncoding | undefined {
  const label = LABELS[name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')];
  if (!label) return undefined;
  if (label === 'latin1') return latin1(name);
  return {
    name,
    isUtf8: label === 'utf-8',
    decode: (bytes) => new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes),
    decoder: () => {
      const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
      return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
    },
  };
}

/** What the web calls latin1 is windows-1252; PostgreSQL means the standard. */
function latin1(name: string): DumpEncoding {
  const decode = (bytes: Buffer): string => bytes.toString('latin1');
  return { name, isUtf8: false, decode, decoder: () => ({ write: decode, end: () => '' }) };
}
