import type { Member, Person, Role, TimelineMessage } from '@baton/client';
import type { Texts } from '../texts/texts.ts';

/** What the client calls an account of a patient's side: the key log has no name of theirs. */
const UNNAMED = 'Patient';

/** Whose thread it is: what the practice's card says of whom it is about names the patient. */
export type About = string | null;

/** Whose side of the thread a message is on: the patient's circle on the right, the practice on the left. */
export function isOurs(message: TimelineMessage): boolean {
  return message.mine || message.via !== null;
}

/** Who wrote it, as the thread says it. */
export function authorText(message: TimelineMessage, about: About, texts: Texts): string {
  const { t } = texts;
  if (message.via !== null) return message.via.person ?? t('message.byText');
  if (message.mine) return t('thread.me');
  const name = personText(message.author, about, texts);
  return message.as === null ? name : t('thread.asRole', { name, role: message.as.name });
}

export function personText(person: Person, about: About, { t }: Texts): string {
  if (person.kind !== 'patient') return person.name === '' ? t('thread.team') : person.name;
  if (person.name !== '' && person.name !== UNNAMED) return person.name;
  const isPatient = person.jobs.includes('patient') && about !== null && about !== '';
  return isPatient ? about : t('thread.someone');
}

/** A name that came as a text; null where it names nobody. */
export function nameText(name: string): string | null {
  return name === '' || name === UNNAMED ? null : name;
}

function memberText(member: Member, about: About, texts: Texts): string {
  return member.kind === 'role' ? member.name : personText(member, about, texts);
}

/** Names as a list, each once. */
export function membersText(members: readonly Member[], about: About, texts: Texts): string {
  return texts.list([...new Set(members.map((member) => memberText(member, about, texts)))]);
}

/** "Triage nurse: Maria Lopez and Jin Park". */
export function roleText(role: Role, texts: Texts): string {
  const names = role.holders.map((holder) => personText(holder, null, texts));
  if (names.length === 0) return texts.t('readers.roleNobody', { role: role.name });
  return texts.t('readers.roleHeld', { role: role.name, names: texts.list(names) });
}
