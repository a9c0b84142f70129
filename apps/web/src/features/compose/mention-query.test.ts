import type { Member } from '@baton/client';
import { expect, it } from 'vitest';
import {
  completeMention,
  mentionableIn,
  mentionedIn,
  readMentionQuery,
  suggestMembers,
} from './mention-query.ts';

const members = ['Ana Ruiz', 'José Álvarez', 'Charge nurse 4 West'].map(
  (name) => ({ kind: 'role', id: name, name }) as unknown as Member,
);

it('opens at the start of a word only', () => {
  expect(readMentionQuery('@an', 3)).toEqual({ at: 0, query: 'an' });
  expect(readMentionQuery('hi @Ana Ru', 10)).toEqual({ at: 3, query: 'Ana Ru' });
  expect(readMentionQuery('a@b.org', 7)).toBeNull();
  expect(readMentionQuery('@ana\n', 5)).toBeNull();
  expect(readMentionQuery('@ana  x', 7)).toBeNull();
  expect(readMentionQuery('plain', 5)).toBeNull();
});

it('finds by the start of any part of a name, without accents', () => {
  expect(suggestMembers(members, 'alv').map(({ name }) => name)).toEqual(['José Álvarez']);
  expect(suggestMembers(members, '4 w').map(({ name }) => name)).toEqual(['Charge nurse 4 West']);
  expect(suggestMembers(members, '')).toHaveLength(3);
  expect(suggestMembers(members, 'zz')).toEqual([]);
});

it('writes the name out and puts the caret after it', () => {
  const text = 'hi @an, see bed 4';
  const done = completeMention(text, { at: 3, query: 'an' }, 'Ana Ruiz');
  expect(done.text).toBe('hi @Ana Ruiz , see bed 4');
  expect(done.text.slice(0, done.caret)).toBe('hi @Ana Ruiz ');
});

it('mentions only who still stands in the text', () => {
  expect(mentionedIn('hello @Ana Ruiz', members).map(({ name }) => name)).toEqual(['Ana Ruiz']);
});

it('is of nobody where the patient reads along, and of everybody in the notes beside it', () => {
  expect(mentionableIn('patient', members)).toEqual([]);
  for (const kind of ['sidebar', 'group', 'direct', 'queue'] as const)
    expect(mentionableIn(kind, members)).toEqual(members);
});
