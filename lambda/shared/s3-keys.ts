/** As S3 encodes keys in listings that are asked for as URLs, since XML cannot say every key: a space is a plus. */
export function decodeKey(text = ''): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
