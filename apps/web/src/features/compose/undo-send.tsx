import type { Conversation, OutgoingFile } from '@baton/client';
import type { MessageId } from '@baton/kernel';
import { Button } from '@mantine/core';
import { Trans } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { after } from '../../design/session/after.ts';
import { useAction } from '../../design/session/use-action.ts';
import style from './composer.module.css';

export const UNDO_MS = 5000;

export interface SentMessage {
  readonly id: MessageId;
  readonly text: string;
  readonly files: readonly OutgoingFile[];
}

/**
 * Five seconds to take a message back. As long as it is held it leaves no trace; one that has gone out is withdrawn, with the trail that
 * every withdrawal has. Either way its text is back in the field. The time stops while the pointer or the focus rests here (WCAG 2.2.1).
 */
export function UndoSend({
  conversation,
  sent,
  onGone,
  onRestore,
}: {
  readonly conversation: Conversation;
  readonly sent: SentMessage;
  readonly onGone: () => void;
  readonly onRestore: (sent: SentMessage) => void;
}) {
  const action = useAction();
  const gone = useRef(onGone);
  const [resting, setResting] = useState(false);
  useEffect(() => {
    gone.current = onGone;
  });
  useEffect(() => (resting ? undefined : after(UNDO_MS, () => gone.current())), [resting]);

  const undo = async (): Promise<void> => {
    setResting(true);
    const done = await action.run(async () => {
      const untouched = await conversation.unsend(sent.id);
      if (!untouched) await conversation.withdraw(sent.id, null);
    });
    if (!done) return;
    onRestore(sent);
    onGone();
  };
  return (
    <span
      className={style['undo']}
      onPointerEnter={() => setResting(true)}
      onPointerLeave={() => setResting(false)}
      onFocus={() => setResting(true)}
      onBlur={() => setResting(false)}
    >
      {action.failure !== null && <span role="alert">{action.failure}</span>}
      <Button size="sm" variant="subtle" loading={action.busy} onClick={() => void undo()}>
        <Trans>Undo send</Trans>
      </Button>
    </span>
  );
}
