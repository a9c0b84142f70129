import type { PatientDoor, PatientSession, PhonePlace } from '@baton/client';
import { useRef, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { DoorScreen } from '../look/door-screen.tsx';
import { Field, FieldError } from '../look/field.tsx';
import { HandIcon } from '../look/icons.tsx';
import { useAct } from '../system/use-act.ts';
import { codeOf } from '../texts/failure-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './choose.module.css';

interface LockedProps {
  readonly door: PatientDoor;
  /** Of the PIN; null where this phone has none. */
  readonly triesLeft: number | null;
  /** Which account of this phone it is. */
  readonly place: PhonePlace;
  readonly passkeys: boolean;
  /** Another account of this phone is to be opened. */
  readonly onSwitched: () => void;
  readonly onOpen: (session: PatientSession) => void;
  /** The PIN was forgotten, or its tries are gone. */
  readonly onOtherWay: (reason: 'forgot' | 'gone') => void;
  readonly onLanguage: () => void;
}

/** Below this the person is told how many tries are left before they make one. */
const FEW = 5;

export function Locked(props: LockedProps) {
  const { door, triesLeft, place, passkeys, onSwitched, onOpen, onOtherWay, onLanguage } = props;
  const { t, count } = useTexts();
  const [pin, setPin] = useState('');
  const [left, setLeft] = useState(triesLeft);
  const [wrong, setWrong] = useState(false);
  const pinAct = useAct();
  const passkeyAct = useAct({ 'auth.failed': 'fail.passkeyOrWords' });
  const switchAct = useAct();
  const input = useRef<HTMLInputElement>(null);

  const unlock = async (): Promise<void> => {
    if (pin === '') return;
    setWrong(false);
    await pinAct.run(async () => {
      try {
        onOpen(await door.unlock(pin));
      } catch (error) {
        if (codeOf(error) !== 'auth.failed') throw error;
        const phone = await door.phone();
        // After the last try the account is gone from here; what the phone would open next is somebody else's.
        if (phone.state !== 'locked' || phone.place.of < place.of) return onOtherWay('gone');
        setLeft(phone.triesLeft);
        setWrong(true);
        setPin('');
        input.current?.focus();
      }
    });
  };
  const tries = left === null ? '' : count('locked.tries', left);
  return (
    <DoorScreen title={t('locked.title')} onLanguage={onLanguage}>
      {place.of > 1 && <p>{t('locked.place', { number: place.number, count: place.of })}</p>}
      {left !== null && (
        <form
          noValidate
          className={style['form']}
          onSubmit={(event) => {
            event.preventDefault();
            void unlock();
          }}
        >
          <Field
            label={t('locked.pin')}
            error={wrong ? `${t('locked.wrong')} ${tries}` : pinAct.failure}
            value={pin}
            onText={setPin}
            inputRef={input}
            large
            attributes={{ type: 'password', inputMode: 'numeric', autoComplete: 'current-password' }}
          />
          {!wrong && left <= FEW && <p>{tries}</p>}
          <Button type="submit" look="main" wide busy={pinAct.busy}>
            {t(pinAct.busy ? 'locked.opening' : 'locked.open')}
          </Button>
        </form>
      )}
      {(passkeys || left === null) && (
        <Button
          wide
          look={left === null ? 'main' : 'second'}
          icon={<HandIcon />}
          busy={passkeyAct.busy}
          onClick={() => void passkeyAct.run(async () => onOpen(await door.signIn({ kind: 'passkey' })))}
        >
          {t('signIn.passkey')}
        </Button>
      )}
      <FieldError error={passkeyAct.failure} />
      <Button look="plain" onClick={() => onOtherWay('forgot')}>
        {t(left === null ? 'signIn.words' : 'locked.forgot')}
      </Button>
      {place.of > 1 && (
        <Button
          look="plain"
          busy={switchAct.busy}
          onClick={() => void switchAct.run(() => door.switchAccount().then(onSwitched))}
        >
          {t('locked.switch')}
        </Button>
      )}
    </DoorScreen>
  );
}
