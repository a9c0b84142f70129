import type { PatientDoor, PatientSession } from '@baton/client';
import { useId, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { DoorScreen } from '../look/door-screen.tsx';
import { FieldError } from '../look/field.tsx';
import { HandIcon, WarnIcon } from '../look/icons.tsx';
import { Notice } from '../look/notice.tsx';
import { useAct } from '../system/use-act.ts';
import { codeOf } from '../texts/failure-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './choose.module.css';
import { cleanWords } from './typed-words.ts';

interface SignInProps {
  readonly door: PatientDoor;
  readonly passkeys: boolean;
  /** What happened before, as a sentence. */
  readonly notice: string | null;
  /** `words`: by words; then a PIN for this phone is offered. */
  readonly onOpen: (session: PatientSession, by: 'passkey' | 'words') => void;
  readonly onBack: (() => void) | null;
  readonly onLanguage: () => void;
}

const WORDS = 12;

/** On another browser, or after the PIN was forgotten: by passkey or by the twelve words. */
export function SignIn({ door, passkeys, notice, onOpen, onBack, onLanguage }: SignInProps) {
  const { t } = useTexts();
  const id = useId();
  const [chosen, setChosen] = useState(false);
  const byWords = chosen || !passkeys;
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const words = useAct();
  const passkey = useAct({ 'auth.failed': 'fail.passkeyOrWords' });
  const enter = async (): Promise<void> => {
    const clean = cleanWords(typed);
    if (clean.split(' ').length !== WORDS) {
      setProblem(t('words.missing'));
      return;
    }
    setProblem(null);
    await words.run(async () => {
      try {
        onOpen(await door.signIn({ kind: 'words', words: clean }), 'words');
      } catch (error) {
        if (codeOf(error) !== 'auth.failed') throw error;
        setProblem(t('signIn.wrong'));
      }
    });
  };
  return (
    <DoorScreen title={t('signIn.title')} onLanguage={onLanguage} {...(onBack === null ? {} : { onBack })}>
      {notice !== null && (
        <Notice kind="amber" icon={<WarnIcon />}>
          {notice}
        </Notice>
      )}
      {passkeys && (
        <Button
          look={byWords ? 'second' : 'main'}
          wide
          icon={<HandIcon />}
          busy={passkey.busy}
          onClick={() =>
            void passkey.run(async () => onOpen(await door.signIn({ kind: 'passkey' }), 'passkey'))
          }
        >
          {t('signIn.passkey')}
        </Button>
      )}
      <FieldError error={passkey.failure} />
      {byWords ? (
        <form
          noValidate
          className={style['form']}
          onSubmit={(event) => {
            event.preventDefault();
            void enter();
          }}
        >
          <label htmlFor={id}>
            <b>{t('signIn.typed')}</b>
          </label>
          <p id={`${id}h`}>{t('signIn.typedHint')}</p>
          <textarea
            id={id}
            rows={4}
            className={style['area']}
            aria-describedby={`${id}h`}
            autoComplete="off"
            autoCapitalize="none"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <FieldError error={problem ?? words.failure} />
          <Button type="submit" look="main" wide busy={words.busy}>
            {t(words.busy ? 'locked.opening' : 'locked.open')}
          </Button>
        </form>
      ) : (
        <Button wide onClick={() => setChosen(true)}>
          {t('signIn.words')}
        </Button>
      )}
      <section>
        <h2>{t('signIn.new')}</h2>
        <p>{t('signIn.newDo')}</p>
      </section>
      <section>
        <h2>{t('signIn.lost')}</h2>
        <p>{t('signIn.lostDo')}</p>
      </section>
    </DoorScreen>
  );
}
