import type { Conversation } from '@baton/client';
import { Button, Group, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useAction } from '../../design/session/use-action.ts';

export function RenameForm({
  conversation,
  title,
  onDone,
}: {
  readonly conversation: Conversation;
  readonly title: string;
  readonly onDone: () => void;
}) {
  const { t } = useLingui();
  const [text, setText] = useState(title);
  const action = useAction();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(() => conversation.rename(text.trim())).then((done) => done && onDone());
      }}
    >
      <TextInput
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just pressed Rename
        autoFocus
        label={t`Title (sealed: the server cannot read it)`}
        maxLength={120}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <FailureNotice sentence={action.failure} />
      <Group gap="xs" mt="xs">
        <Button type="submit" disabled={text.trim() === '' || text === title} loading={action.busy}>
          <Trans>Save</Trans>
        </Button>
        <Button variant="subtle" color="gray" onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </Group>
    </form>
  );
}
