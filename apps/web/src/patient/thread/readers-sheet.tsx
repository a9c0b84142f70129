import type { Conversation } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import { Sheet } from '../look/sheet.tsx';
import { useLive } from '../system/use-live.ts';
import { dateText } from '../texts/time-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import { type About, personText, roleText } from './person-texts.ts';
import style from './readers-sheet.module.css';

interface ReadersProps {
  readonly conversation: Conversation;
  readonly me: AccountId;
  readonly practice: string;
  readonly about: About;
  readonly onClose: () => void;
}

/** Everybody and everything that can read the thread, in plain words. */
export function ReadersSheet({ conversation, me, practice, about, onClose }: ReadersProps) {
  const texts = useTexts();
  const { t } = texts;
  const readers = useLive(conversation.readers);
  const circle = readers.people.filter(({ person }) => person.kind === 'patient' && person.id !== me);
  const staff = readers.people.filter(({ person, via }) => person.kind === 'person' && via === null);
  const fromJoining = (sees: 'all' | 'from-joining'): string =>
    sees === 'all' ? '' : ` (${t('readers.fromJoining')})`;
  return (
    <Sheet title={t('readers.title')} onClose={onClose}>
      <p>{t('readers.intro')}</p>
      <section className={style['part']}>
        <h3>{t('readers.circle')}</h3>
        <ul>
          <li>{t('readers.you')}</li>
          {circle.map(({ person, sees }) => (
            <li key={person.id}>
              {personText(person, about, texts)}
              {fromJoining(sees)}
            </li>
          ))}
        </ul>
      </section>
      <section className={style['part']}>
        <h3>{t('readers.team', { practice })}</h3>
        <ul>
          {readers.roles.map((role) => (
            <li key={role.id}>{roleText(role, texts)}</li>
          ))}
          {staff.map(({ person, sees }) => (
            <li key={person.id}>
              {personText(person, about, texts)}
              {fromJoining(sees)}
            </li>
          ))}
        </ul>
        {readers.roles.length > 0 && <p>{t('readers.roleNote')}</p>}
      </section>
      <section className={style['part']}>
        <h3>{t('readers.helpers')}</h3>
        {readers.agents.length === 0 ? (
          <p>{t('readers.noHelpers')}</p>
        ) : (
          <ul>
            {readers.agents.map((agent) => (
              <li key={agent.id}>
                {t('readers.helper', { name: agent.name })}{' '}
                {agent.since !== null && t('readers.helperSince', { date: dateText(agent.since, texts) })}
              </li>
            ))}
          </ul>
        )}
      </section>
      {readers.custodian !== null && (
        <section className={style['part']}>
          <h3>{t('readers.custodian')}</h3>
          <p>{t('readers.custodianNote', { ...readers.custodian })}</p>
        </section>
      )}
      <p className={style['last']}>{t('readers.noOne')}</p>
    </Sheet>
  );
}
