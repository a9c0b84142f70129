import type { Conversation, TimelineMessage } from '@baton/client';
import { MAX_TEXT_LENGTH } from '@baton/wire';
import { Button, Group, Textarea } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useAction } from '../../design/session/use-action.ts';

/** Editing in place. The earlier text stays for everybody to see. */
export function MessageEditor({
  message,
  conversation,
  onDone,
}: {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
  readonly onDone: () => void;
}) {
  const { t } = useLingui();
  const [text, setText] = useState(message.text);
  const action = useAction();
  const changed = text.trim() !== '' && text !== message.text;
  const save = (): void => {
    if (!changed) return;
    void action.run(() => conversation.edit(message.id, text.trim())).then((done) => done && onDone());
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Textarea
        autosize
        minRows={1}
        maxRows={12}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just pressed Edit
        autoFocus
        aria-label={t`Edit your message`}
        maxLength={MAX_TEXT_LENGTH}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        }}
      />
      <FailureNotice sentence={action.failure} />
      <Group gap="xs" mt={6} mb={4}>
        <Button type="submit" size="compact-md" disabled={!changed} loading={action.busy}>
          <Trans>Save</Trans>
        </Button>
        <Button size="compact-md" variant="subtle" color="gray" onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
        <span className="sr-only">
          <Trans>The earlier text stays visible to everybody.</Trans>
        </span>
      </Group>
    </form>
  );
}
