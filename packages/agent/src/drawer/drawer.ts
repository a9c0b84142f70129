import type { Store } from '@baton/client';
import type { Bytes } from '@baton/kernel';

const KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/** What a program keeps on this station only: sealed rows in the agent's own folder. Another station has none of it. */
export interface Drawer {
  get(key: string): Promise<Bytes | null>;
  /** Durable when it resolves. Keys are not sealed: ids and numbers only. */
  put(key: string, value: Bytes): Promise<void>;
  remove(key: string): Promise<void>;
  /** In key order. */
  list(prefix: string): Promise<readonly { readonly key: string; readonly value: Bytes }[]>;
}

export function openDrawer(store: Store): Drawer {
  const at = (key: string): string => {
    if (!KEY.test(key))
      throw new Error('A key of a drawer is made of letters, digits, dots, dashes and slashes.');
    return key;
  };
  const write = (key: string, value: Bytes | null): Promise<void> =>
    store.write([{ table: 'drawer', key: at(key), value }]);
  return {
    get: (key) => store.get('drawer', at(key)),
    put: write,
    remove: (key) => write(key, null),
    list: (prefix) => store.list('drawer', { from: prefix, to: `${prefix}\uffff` }),
  };
}
