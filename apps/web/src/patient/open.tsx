import type { Conversation, PatientSession } from '@baton/client';
import type { ConversationId } from '@baton/kernel';
import type { Language } from '@baton/wire';
import { useEffect, useState } from 'preact/hooks';
import { DoorScreen } from './look/door-screen.tsx';
import { PinSheet, SettingsSheet } from './settings/settings-sheet.tsx';
import { useBackButton } from './system/back-stack.ts';
import { useLive } from './system/use-live.ts';
import { failureText } from './texts/failure-text.ts';
import { useTexts } from './texts/use-texts.ts';
import { Chats, chatTitle, circleText } from './thread/chats.tsx';
import { Thread } from './thread/thread.tsx';

interface OpenProps {
  readonly session: PatientSession;
  readonly passkeys: boolean;
  /** After the twelve words: this phone has no lock yet. */
  readonly offerPin: boolean;
  readonly onLanguage: (language: Language) => void;
  readonly onLocked: () => void;
  readonly onForgotten: () => void;
}

/** An account that is open: its only thread at once, or the choice of several. */
export function Open(props: OpenProps) {
  const { session } = props;
  const texts = useTexts();
  const { t } = texts;
  const chats = useLive(session.conversations);
  const connection = useLive(session.connection);
  const [chosen, setChosen] = useState<ConversationId | null>(null);
  const [settings, setSettings] = useState(false);
  const [pin, setPin] = useState(props.offerPin && !session.hasPin.read());
  const only = chats.length === 1 ? chats[0]?.id : undefined;
  const id = chosen ?? only ?? null;
  const chat = chats.find((one) => one.id === id);
  const { onLocked } = props;
  useEffect(() => {
    if (connection.state === 'ended') onLocked();
  }, [connection, onLocked]);
  return (
    <>
      {id === null || chat === undefined ? (
        <Chats session={session} onOpen={setChosen} onSettings={() => setSettings(true)} />
      ) : (
        <OpenChat
          key={id}
          session={session}
          id={id}
          about={
            chats.length > 1 ? `${chatTitle(chat, texts)}. ${circleText(chat, session.me, texts)}` : null
          }
          onChats={chats.length > 1 ? () => setChosen(null) : null}
          onSettings={() => setSettings(true)}
        />
      )}
      {settings && <SettingsSheet {...props} onClose={() => setSettings(false)} />}
      {pin && (
        <PinSheet
          session={session}
          title={t('pin.title')}
          note={t('signIn.setPin')}
          onDone={() => setPin(false)}
          onClose={() => setPin(false)}
        />
      )}
    </>
  );
}

interface OpenChatProps {
  readonly session: PatientSession;
  readonly id: ConversationId;
  readonly about: string | null;
  readonly onChats: (() => void) | null;
  readonly onSettings: () => void;
}

function OpenChat({ session, id, about, onChats, onSettings }: OpenChatProps) {
  const { t } = useTexts();
  const [opened, setOpened] = useState<Conversation | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    session.open(id).then(setOpened, setError);
  }, [session, id]);
  if (opened === null) {
    return (
      <DoorScreen title={t('page.title')} {...(onChats === null ? {} : { onBack: onChats })}>
        <p role="status">{t(error === null ? 'thread.getting' : failureText(error))}</p>
      </DoorScreen>
    );
  }
  return (
    <>
      {onChats !== null && <BackToChats onBack={onChats} />}
      <Thread
        session={session}
        conversation={opened}
        about={about}
        onChats={onChats}
        onSettings={onSettings}
      />
    </>
  );
}

/** Where there are several chats, the phone's back button goes to them. */
function BackToChats({ onBack }: { readonly onBack: () => void }) {
  useBackButton(onBack);
  return null;
}
