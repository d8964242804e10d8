/**
 * @peculiar/x509 keeps its algorithms in a container that asks `Reflect` for metadata and refuses to load without it.
 * This is the part it asks for; a complete polyfill that was loaded before is left alone.
 */
interface Metadata {
  defineMetadata?(key: unknown, value: unknown, target: object): void;
  getMetadata?(key: unknown, target: object): unknown;
  getOwnMetadata?(key: unknown, target: object): unknown;
}

const reflect = Reflect as Metadata;

if (!reflect.getMetadata) {
  const store = new WeakMap<object, Map<unknown, unknown>>();
  const own = (key: unknown, target: object): unknown => store.get(target)?.get(key);
  reflect.defineMetadata = (key, value, target) => {
    store.set(target, (store.get(target) ?? new Map<unknown, unknown>()).set(key, value));
  };
  reflect.getOwnMetadata = own;
  reflect.getMetadata = (key, target) => {
    for (let at: object | null = target; at; at = Object.getPrototypeOf(at) as object | null) {
      const value = own(key, at);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}
