import type { Member, Person, Role, TimelineMessage } from '@baton/client';
import type { Texts } from '../texts/texts.ts';

/** Whose side of the thread a message is on: the patient's circle on the right, the practice on the left. */
export function isOurs(message: TimelineMessage): boolean {
  return message.mine || message.via !== null;
}

/** Who wrote it, as the thread says it. */
export function authorText(message: TimelineMessage, texts: Texts): string {
  const { t } = texts;
  if (message.via !== null) return message.via.person ?? t('message.byText');
  if (message.mine) return t('thread.me');
  const name = personText(message.author, texts);
  return message.as === null ? name : t('thread.asRole', { name, role: message.as.name });
}

export function personText(person: Person, { t }: Texts): string {
  if (person.name !== '') return person.name;
  return person.kind === 'patient' ? t('thread.someone') : t('thread.team');
}

export function memberText(member: Member, texts: Texts): string {
  return member.kind === 'role' ? member.name : personText(member, texts);
}

/** "Triage nurse: Maria Lopez and Jin Park". */
export function roleText(role: Role, texts: Texts): string {
  const names = role.holders.map((holder) => personText(holder, texts));
  if (names.length === 0) return texts.t('readers.roleNobody', { role: role.name });
  return texts.t('readers.roleHeld', { role: role.name, names: texts.list(names) });
}
