import type { Conversation, TimelineMessage } from '@baton/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { FieldError } from '../look/field.tsx';
import { useAct } from '../system/use-act.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './bubble.module.css';

interface EditorProps {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
  readonly onEnd: () => void;
}

export function MessageEditor({ message, conversation, onEnd }: EditorProps) {
  const { t } = useTexts();
  const act = useAct();
  const [text, setText] = useState(message.text);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const save = async (): Promise<void> => {
    const changed = text.trim();
    if (changed === '' || changed === message.text) {
      onEnd();
      return;
    }
    if (await act.run(() => conversation.edit(message.id, changed))) onEnd();
  };
  return (
    <div className={style['editor']}>
      <textarea
        ref={area}
        aria-label={t('message.changing')}
        value={text}
        rows={3}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <FieldError error={act.failure} />
      <div className={style['acts']}>
        <Button look="main" busy={act.busy} onClick={() => void save()}>
          {t('do.save')}
        </Button>
        <Button onClick={onEnd}>{t('do.cancel')}</Button>
      </div>
    </div>
  );
}
