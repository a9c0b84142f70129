import type { Conversation, UploadProgress } from '@baton/client';
import type { MessageId } from '@baton/kernel';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { sizeWords } from '../../design/words/size-words.ts';
import style from './message-state.module.css';

/** How far the files of a message have come. It goes on by itself after a break, a reload, a day. */
export function UploadBar({
  id,
  progress,
  conversation,
}: {
  readonly id: MessageId;
  readonly progress: UploadProgress;
  readonly conversation: Conversation;
}) {
  const { t, i18n } = useLingui();
  const cancel = useAction();
  const { state } = useLive(useSession().connection);
  const sent = sizeWords(progress.sentBytes, i18n.locale);
  const total = sizeWords(progress.totalBytes, i18n.locale);
  return (
    <div className={style['upload']}>
      <progress
        value={progress.sentBytes}
        max={Math.max(1, progress.totalBytes)}
        aria-label={t`Files on their way`}
        aria-valuetext={t`${sent} of ${total}`}
      />
      <span>
        {state === 'online' ? (
          <Trans>
            {sent} of {total}
          </Trans>
        ) : (
          <Trans>
            {sent} of {total}, goes on when the connection is back
          </Trans>
        )}
        {cancel.failure !== null && <span role="alert"> {cancel.failure}</span>}
      </span>
      <Button
        size="compact-sm"
        variant="subtle"
        loading={cancel.busy}
        onClick={() => void cancel.run(() => conversation.unsend(id))}
      >
        <Trans>Cancel</Trans>
      </Button>
    </div>
  );
}
