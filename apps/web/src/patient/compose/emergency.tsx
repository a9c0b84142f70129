import type { PracticeCard } from '@baton/wire';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button, CallLink } from '../look/button.tsx';
import { PhoneIcon } from '../look/icons.tsx';
import { useTexts } from '../texts/use-texts.ts';
import style from './emergency.module.css';
import { loadRedFlags } from './red-flags.ts';

type EmergencyWords = Awaited<ReturnType<typeof loadRedFlags>>['emergencyText'];

/** What is shown over everything when a red flag was found: the way to call comes first. The message went out all the same. */
export function Emergency({
  card,
  onClose,
}: {
  readonly card: PracticeCard | null;
  readonly onClose: () => void;
}) {
  const { t, language } = useTexts();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [words, setWords] = useState<ReturnType<EmergencyWords> | null>(null);
  useEffect(() => {
    void loadRedFlags().then(({ emergencyText }) => setWords(emergencyText(language)));
  }, [language]);
  const isReady = words !== null;
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!isReady || element === null) return undefined;
    element.showModal();
    return () => element.close();
  }, [isReady]);
  if (words === null) return null;
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      className={style['dialog']}
      aria-labelledby={`${id}t`}
      aria-describedby={`${id}b`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={`${id}t`}>{words.title}</h2>
      <CallLink look="danger" wide number={words.callNumber} icon={<PhoneIcon />}>
        {words.call}
      </CallLink>
      <CallLink wide number={words.crisisNumber} icon={<PhoneIcon />}>
        {words.crisis}
      </CallLink>
      <div id={`${id}b`} className={style['body']}>
        {words.body.split(/(?<=[.!?]) /).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      {card !== null && card.phone !== '' && (
        <CallLink wide number={card.phone} icon={<PhoneIcon />}>
          {t('call.practice', { name: card.name })}
        </CallLink>
      )}
      <Button look="plain" onClick={onClose}>
        {t('emergency.back')}
      </Button>
    </dialog>
  );
}
