import type { Conversation, TimelineMessage } from '@baton/client';
import type { Reaction } from '@baton/wire';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { useAct } from '../system/use-act.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './bubble.module.css';

interface ActsProps {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
  readonly onEdit: () => void;
  readonly onDone: () => void;
}

/** What can be done with a message: change or take back one's own, thank for the practice's without writing. */
export function MessageActs({ message, conversation, onEdit, onDone }: ActsProps) {
  const { t } = useTexts();
  const act = useAct();
  const [asking, setAsking] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => row.current?.scrollIntoView({ block: 'nearest' }), []);
  const finish = (work: () => Promise<unknown>): void => {
    void act.run(work).then((done) => {
      if (done) onDone();
    });
  };
  const react = (reaction: Reaction): void => {
    const on = !message.reactions.some((one) => one.reaction === reaction && one.mine);
    finish(() => conversation.react(message.id, reaction, on));
  };
  return (
    <div ref={row} className={style['acts']}>
      {asking ? (
        <>
          <p>{t('message.takeBackSure')}</p>
          <Button
            look="danger"
            busy={act.busy}
            onClick={() => finish(() => conversation.withdraw(message.id, null))}
          >
            {t('message.yesTakeBack')}
          </Button>
          <Button onClick={onDone}>{t('do.cancel')}</Button>
        </>
      ) : message.mine ? (
        <>
          <Button onClick={onEdit}>{t('message.change')}</Button>
          <Button onClick={() => setAsking(true)}>{t('message.takeBack')}</Button>
        </>
      ) : (
        <>
          <Button busy={act.busy} onClick={() => react('thanks')}>
            {t('message.saysThanks')}
          </Button>
          <Button busy={act.busy} onClick={() => react('got-it')}>
            {t('message.saysGotIt')}
          </Button>
        </>
      )}
      {act.failure !== null && <p role="alert">{act.failure}</p>}
    </div>
  );
}
