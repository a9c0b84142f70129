import type { PatientDoor } from '@baton/client';
import { useState } from 'preact/hooks';
import { DoorScreen } from '../look/door-screen.tsx';
import { useAct } from '../system/use-act.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Choose } from './choose.tsx';
import { PinForm } from './pin-form.tsx';

type Claimed = Awaited<ReturnType<PatientDoor['claim']>>;

interface ClaimProps {
  readonly door: PatientDoor;
  readonly passkeys: boolean;
  readonly onClaimed: (claimed: Claimed) => void;
  readonly onLanguage: () => void;
}

/** After the right code: a passkey or a PIN makes the account on this phone. */
export function Claim({ door, passkeys, onClaimed, onLanguage }: ClaimProps) {
  const { t } = useTexts();
  const [byPin, setByPin] = useState(false);
  const act = useAct({ 'auth.failed': 'fail.passkeyOrPin' });
  const claim = (credential: Parameters<PatientDoor['claim']>[0]): void => {
    void act.run(async () => onClaimed(await door.claim(credential)));
  };
  if (byPin) {
    return (
      <DoorScreen key="pin" title={t('pin.title')} onLanguage={onLanguage} onBack={() => setByPin(false)}>
        <PinForm busy={act.busy} failure={act.failure} onPin={(pin) => claim({ kind: 'pin', pin })} />
      </DoorScreen>
    );
  }
  return (
    <Choose
      passkeys={passkeys}
      busy={act.busy}
      failure={act.failure}
      onPasskey={() => claim({ kind: 'passkey', label: t('choose.passkeyLabel') })}
      onPin={() => {
        act.clear();
        setByPin(true);
      }}
      onLanguage={onLanguage}
    />
  );
}
