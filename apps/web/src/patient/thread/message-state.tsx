import type { Conversation, TimelineMessage } from '@baton/client';
import { Button } from '../look/button.tsx';
import { CheckIcon, WarnIcon } from '../look/icons.tsx';
import { useAct } from '../system/use-act.ts';
import { useLive } from '../system/use-live.ts';
import { failureText } from '../texts/failure-text.ts';
import type { Texts } from '../texts/texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './bubble.module.css';

interface StateProps {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
  readonly offline: boolean;
}

/** How far an own message has come, in words; what to do where it did not go. */
export function MessageState({ message, conversation, offline }: StateProps) {
  const texts = useTexts();
  const { t } = texts;
  const act = useAct();
  const uploads = useLive(conversation.uploads);
  const upload = uploads.get(message.id);
  if (message.state === 'failed') {
    return (
      <div className={style['failed']}>
        <p>
          <WarnIcon size={20} />
          <span>
            {t('state.failed')} {message.failure !== null && t(failureText(message.failure))}
          </span>
        </p>
        {message.failure?.canRetry === true && (
          <Button busy={act.busy} onClick={() => void act.run(() => conversation.retry(message.id))}>
            {t('do.tryAgain')}
          </Button>
        )}
      </div>
    );
  }
  const isRead = message.state === 'opened' || message.state === 'acknowledged';
  return (
    <div className={style['state']}>
      {upload !== undefined && upload.totalBytes > 0 && !offline ? (
        <Uploading share={upload.sentBytes / upload.totalBytes} />
      ) : (
        <p data-state={message.state}>
          {isRead && <CheckIcon size={16} />}
          {stateText(message, offline, texts)}
        </p>
      )}
    </div>
  );
}

export function stateText(message: TimelineMessage, offline: boolean, { t }: Texts): string {
  return message.state === 'waiting' && offline ? t('state.offline') : t(`state.${message.state}`);
}

function Uploading({ share }: { readonly share: number }) {
  const { t } = useTexts();
  const percent = Math.min(100, Math.round(share * 100));
  const label = t('write.uploading', { percent });
  return (
    <p>
      <progress max={100} value={percent} aria-label={label} />
      {label}
    </p>
  );
}
