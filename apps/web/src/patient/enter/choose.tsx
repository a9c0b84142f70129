import type { ComponentChildren } from 'preact';
import { Button } from '../look/button.tsx';
import { DoorScreen } from '../look/door-screen.tsx';
import { FieldError } from '../look/field.tsx';
import { HandIcon, KeyIcon } from '../look/icons.tsx';
import { useTexts } from '../texts/use-texts.ts';
import style from './choose.module.css';

interface ChooseProps {
  readonly passkeys: boolean;
  readonly busy: boolean;
  readonly failure: string | null;
  readonly onPasskey: () => void;
  readonly onPin: () => void;
  readonly onLanguage: () => void;
}

/** How this phone opens: by what opens the phone itself, where the browser can; else, or by choice, a PIN. */
export function Choose({ passkeys, busy, failure, onPasskey, onPin, onLanguage }: ChooseProps) {
  const { t } = useTexts();
  return (
    <DoorScreen title={t('choose.title')} onLanguage={onLanguage}>
      <p>{t('choose.intro')}</p>
      {passkeys && (
        <Way
          icon={<HandIcon size={32} />}
          note={t('choose.passkeyNote')}
          button={
            <Button look="main" wide busy={busy} onClick={onPasskey}>
              {t('choose.passkey')}
            </Button>
          }
        />
      )}
      <Way
        icon={<KeyIcon size={32} />}
        note={t('choose.pinNote')}
        button={
          <Button look={passkeys ? 'second' : 'main'} wide onClick={onPin}>
            {t('choose.pin')}
          </Button>
        }
      />
      {busy && <p role="status">{t('choose.waiting')}</p>}
      <FieldError error={failure} />
    </DoorScreen>
  );
}

function Way({
  icon,
  button,
  note,
}: {
  readonly icon: ComponentChildren;
  readonly button: ComponentChildren;
  readonly note: string;
}) {
  return (
    <div className={style['way']}>
      {icon}
      <p>{note}</p>
      {button}
    </div>
  );
}
