import type { PatientSession } from '@baton/client';
import { LANGUAGES, type Language } from '@baton/wire';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { PinForm } from '../enter/pin-form.tsx';
import { WordsCard } from '../enter/words-card.tsx';
import { Button } from '../look/button.tsx';
import { FieldError } from '../look/field.tsx';
import { CheckIcon } from '../look/icons.tsx';
import { Notice } from '../look/notice.tsx';
import { Sheet } from '../look/sheet.tsx';
import { useAct } from '../system/use-act.ts';
import { useLive } from '../system/use-live.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './settings.module.css';

interface SettingsProps {
  readonly session: PatientSession;
  readonly passkeys: boolean;
  readonly onLanguage: (language: Language) => void;
  readonly onLocked: () => void;
  readonly onForgotten: () => void;
  readonly onClose: () => void;
}

type Over = 'pin' | 'words' | null;

/** Language, how this phone opens, new words, and leaving this phone. */
export function SettingsSheet(props: SettingsProps) {
  const { session, passkeys, onLocked, onForgotten, onClose } = props;
  const { t } = useTexts();
  const hasPin = useLive(session.hasPin);
  const [over, setOver] = useState<Over>(null);
  const [done, setDone] = useState<string | null>(null);
  const act = useAct();
  const passkey = useAct();
  const finish = (text: string): void => {
    setOver(null);
    setDone(text);
  };
  const addPasskey = async (): Promise<void> => {
    if (await passkey.run(() => session.addPasskey(t('choose.passkeyLabel')))) {
      setDone(t('settings.passkeyAdded'));
    }
  };
  const lock = async (): Promise<void> => {
    if (await act.run(() => session.lock())) onLocked();
  };
  return (
    <Sheet title={t('settings.title')} onClose={onClose}>
      <div role="status">
        {done !== null && (
          <Notice kind="done" icon={<CheckIcon />}>
            {done}
          </Notice>
        )}
      </div>
      <Languages {...props} />
      <Part title={t('settings.openBy')}>
        <Button wide onClick={() => setOver('pin')}>
          {t(hasPin ? 'settings.changePin' : 'settings.setPin')}
        </Button>
        {passkeys && (
          <Button wide busy={passkey.busy} onClick={() => void addPasskey()}>
            {t('settings.addPasskey')}
          </Button>
        )}
        <FieldError error={passkey.failure} />
        {hasPin && (
          <>
            <Button wide busy={act.busy} onClick={() => void lock()}>
              {t('settings.lock')}
            </Button>
            <p>{t('settings.lockNote')}</p>
          </>
        )}
      </Part>
      <Part title={t('words.list')}>
        <p>
          {t('words.why')} {t('settings.newWordsNote')}
        </p>
        <Button wide onClick={() => setOver('words')}>
          {t('settings.newWords')}
        </Button>
      </Part>
      <Forget session={session} onForgotten={onForgotten} />
      {over === 'pin' && (
        <PinSheet
          session={session}
          title={t(hasPin ? 'pin.changeTitle' : 'pin.title')}
          onDone={() => finish(t('pin.saved'))}
          onClose={() => setOver(null)}
        />
      )}
      {over === 'words' && (
        <WordsSheet
          session={session}
          onDone={() => finish(t('settings.newWordsDone'))}
          onClose={() => setOver(null)}
        />
      )}
    </Sheet>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section className={style['part']}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

const NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };

function Languages({ onLanguage }: SettingsProps) {
  const { t, language } = useTexts();
  return (
    <fieldset className={style['part']}>
      <legend>{t('settings.language')}</legend>
      {LANGUAGES.map((one) => (
        <label key={one} className={style['choice']} lang={one}>
          <input type="radio" name="language" checked={one === language} onChange={() => onLanguage(one)} />
          {NAMES[one]}
        </label>
      ))}
    </fieldset>
  );
}

interface OverProps {
  readonly session: PatientSession;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function PinSheet({
  session,
  title,
  note,
  onDone,
  onClose,
}: OverProps & { readonly title: string; readonly note?: string }) {
  const act = useAct();
  const set = async (pin: string): Promise<void> => {
    if (await act.run(() => session.setPin(pin))) onDone();
  };
  return (
    <Sheet title={title} onClose={onClose}>
      {note !== undefined && <p>{note}</p>}
      <PinForm busy={act.busy} failure={act.failure} onPin={(pin) => void set(pin)} />
    </Sheet>
  );
}

type MadeWords = Awaited<ReturnType<PatientSession['makeWords']>>;

function WordsSheet({ session, onDone, onClose }: OverProps) {
  const { t } = useTexts();
  const [made, setMade] = useState<MadeWords | null>(null);
  const making = useAct();
  const keeping = useAct();
  const keep = async (words: string): Promise<void> => {
    if (made !== null && (await keeping.run(() => made.confirm(words)))) onDone();
  };
  return (
    <Sheet title={t('words.title')} onClose={onClose}>
      {made === null ? (
        <>
          <p>{t('settings.newWordsNote')}</p>
          <FieldError error={making.failure} />
          <Button
            look="main"
            wide
            busy={making.busy}
            onClick={() => void making.run(async () => setMade(await session.makeWords()))}
          >
            {t('settings.newWords')}
          </Button>
        </>
      ) : (
        <WordsCard
          words={made.words}
          busy={keeping.busy}
          failure={keeping.failure}
          onKept={(words) => void keep(words)}
        />
      )}
    </Sheet>
  );
}

function Forget({ session, onForgotten }: Pick<SettingsProps, 'session' | 'onForgotten'>) {
  const { t } = useTexts();
  const [sure, setSure] = useState(false);
  const act = useAct();
  const forget = async (): Promise<void> => {
    if (await act.run(() => session.forget())) onForgotten();
  };
  return (
    <Part title={t('settings.forget')}>
      <p>{t('settings.forgetNote')}</p>
      <FieldError error={act.failure} />
      {sure ? (
        <>
          <p>
            <b>{t('settings.forgetSure')}</b>
          </p>
          <Button look="danger" wide busy={act.busy} onClick={() => void forget()}>
            {t('settings.yesForget')}
          </Button>
          <Button wide onClick={() => setSure(false)}>
            {t('do.cancel')}
          </Button>
        </>
      ) : (
        <Button wide onClick={() => setSure(true)}>
          {t('settings.forget')}
        </Button>
      )}
    </Part>
  );
}
