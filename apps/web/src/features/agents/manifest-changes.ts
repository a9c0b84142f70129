import { type AccountId, equalBytes } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import type { I18n } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { accessWords, KIND_NAMES, shortDigest } from './manifest-words.ts';

type Terms = Pick<Manifest, 'purposes' | 'access' | 'hosts' | 'code' | 'responsible'>;

/** What another manifest changes, one sentence each; empty where it says the same. */
export function manifestChanges(
  before: Terms,
  after: Terms,
  { i18n, nameOf }: { readonly i18n: I18n; readonly nameOf: (id: AccountId) => string },
): readonly string[] {
  const changes: string[] = [];
  for (const purpose of without(after.purposes, before.purposes))
    changes.push(i18n._(msg`New purpose: ${purpose}`));
  for (const purpose of without(before.purposes, after.purposes))
    changes.push(i18n._(msg`No purpose any more: ${purpose}`));
  changes.push(...accessChanges(before.access, after.access, i18n));
  for (const host of without(after.hosts, before.hosts)) changes.push(i18n._(msg`It may now reach ${host}.`));
  for (const host of without(before.hosts, after.hosts))
    changes.push(i18n._(msg`It may not reach ${host} any more.`));
  if (!equalBytes(before.code, after.code)) {
    const [old, fresh] = [shortDigest(before.code), shortDigest(after.code)];
    changes.push(i18n._(msg`It runs other code: ${fresh}, no longer ${old}.`));
  }
  if (before.responsible !== after.responsible) {
    const [old, fresh] = [nameOf(before.responsible), nameOf(after.responsible)];
    changes.push(i18n._(msg`${fresh} answers for it, no longer ${old}.`));
  }
  return changes;
}

function accessChanges(before: Manifest['access'], after: Manifest['access'], i18n: I18n): string[] {
  const added = after.filter(({ kind }) => !before.some((one) => one.kind === kind));
  const removed = before.filter(({ kind }) => !after.some((one) => one.kind === kind));
  const changed = after.filter((access) => {
    const old = before.find(({ kind }) => kind === access.kind);
    return old !== undefined && (old.history !== access.history || !isSame(old.writes, access.writes));
  });
  return [
    ...added.map((access) => {
      const [name, words] = [i18n._(KIND_NAMES[access.kind]), accessWords(access, i18n)];
      return i18n._(msg`It may now be let in: ${name}. ${words}`);
    }),
    ...removed.map(({ kind }) => {
      const name = i18n._(KIND_NAMES[kind]);
      return i18n._(
        msg`It may not be let in any more: ${name}. It stays where it is until somebody takes it out.`,
      );
    }),
    ...changed.map((access) => {
      const [name, words] = [i18n._(KIND_NAMES[access.kind]), accessWords(access, i18n)];
      return i18n._(msg`Changed: ${name}. ${words}`);
    }),
  ];
}

function without<T>(list: readonly T[], taken: readonly T[]): T[] {
  return list.filter((item) => !taken.includes(item));
}

function isSame<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && without(one, other).length === 0;
}
