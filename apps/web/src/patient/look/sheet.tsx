import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { useBackButton } from '../system/back-stack.ts';
import { useTexts } from '../texts/use-texts.ts';
import { IconButton } from './button.tsx';
import { EmergencyFoot } from './emergency-foot.tsx';
import { BackIcon } from './icons.tsx';
import style from './sheet.module.css';

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A page over the thread, which stays where it is: closes with Back, Escape and the phone's back button. */
export function Sheet({ title, onClose, children }: SheetProps) {
  const { t } = useTexts();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useBackButton(onClose);
  // Before it is painted: from its first moment it holds the focus and hears Escape.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    heading.current?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={style['sheet']}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={style['top']}>
        <IconButton label={t('do.back')} icon={<BackIcon />} onClick={onClose} />
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
      </header>
      <div className={style['body']}>{children}</div>
      <EmergencyFoot />
    </dialog>
  );
}
