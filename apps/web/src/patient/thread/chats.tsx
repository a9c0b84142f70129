import type { ConversationSummary, PatientSession } from '@baton/client';
import type { AccountId, ConversationId } from '@baton/kernel';
import type { PracticeCard } from '@baton/wire';
import { IconButton } from '../look/button.tsx';
import { DoorScreen } from '../look/door-screen.tsx';
import { GearIcon } from '../look/icons.tsx';
import { useLive } from '../system/use-live.ts';
import type { Texts } from '../texts/texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './chats.module.css';
import { membersText } from './person-texts.ts';

export type Chat = ConversationSummary & { readonly card: PracticeCard | null };

interface ChatsProps {
  readonly session: PatientSession;
  readonly onOpen: (id: ConversationId) => void;
  readonly onSettings: () => void;
}

/** For who writes for several, or has a private chat beside a shared one. */
export function Chats({ session, onOpen, onSettings }: ChatsProps) {
  const texts = useTexts();
  const { t, count } = texts;
  const chats = useLive(session.conversations);
  const ready = useLive(session.ready);
  return (
    <DoorScreen title={t('switch.title')} foot={null}>
      <div className={style['settings']}>
        <IconButton label={t('settings.title')} icon={<GearIcon />} onClick={onSettings} />
      </div>
      {chats.length === 0 && (
        <p role="status">{ready ? `${t('switch.none')} ${t('switch.noneDo')}` : t('thread.getting')}</p>
      )}
      <ul className={style['list']}>
        {chats.map((chat) => (
          <li key={chat.id}>
            <button type="button" onClick={() => onOpen(chat.id)}>
              <b>{chatTitle(chat, texts)}</b>
              <span>{chat.card?.name}</span>
              <span>{circleText(chat, session.me, texts)}</span>
              {chat.unread > 0 && (
                <span className={style['unread']}>{count('switch.unread', chat.unread)}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </DoorScreen>
  );
}

/** "About Mateo"; the practice's name before there is a card. */
export function chatTitle(chat: Chat, { t }: Texts): string {
  const name = chat.card?.about ?? '';
  return name === '' ? chat.title : t('thread.about', { name });
}

/** Whether anybody of the family is in it beside me. */
export function circleText(chat: Chat, me: AccountId, texts: Texts): string {
  const others = chat.members.filter((member) => member.kind === 'patient' && member.id !== me);
  if (others.length === 0) return texts.t('switch.private');
  return texts.t('switch.sharedWith', { names: membersText(others, chat.card?.about ?? null, texts) });
}
