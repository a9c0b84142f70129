import type { Conversation, Member } from '@baton/client';
import { Button, Group, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { MemberPicker } from '../../design/primitives/member-picker.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { Page } from '../../design/primitives/pane.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import style from './new-conversation.module.css';

/** One person is a direct conversation, one role a conversation with whoever holds it, several a group. */
export function NewConversationScreen() {
  const { t } = useLingui();
  const session = useSession();
  const navigate = useNavigate();
  const me = useLive(session.me).account;
  const [chosen, setChosen] = useState<readonly Member[]>([]);
  const [title, setTitle] = useState('');
  const action = useAction();
  usePageTitle(t`New conversation`);
  const { directory } = session;
  const search = useCallback(
    (query: string) =>
      directory
        .search(query)
        .filter((member) => member.id !== me && (member.kind === 'role' || member.active)),
    [directory, me],
  );
  const start = (): void => {
    void action.run(async () => {
      const conversation = await begin(chosen, title.trim());
      await navigate({ to: '/inbox/$conversation', params: { conversation: conversation.id } });
    });
  };
  const begin = (members: readonly Member[], name: string): Promise<Conversation> => {
    const [only] = members;
    if (members.length === 1 && only !== undefined) {
      return only.kind === 'role'
        ? session.conversations.startWithRole(only.id)
        : session.conversations.startDirect(only.id);
    }
    return session.conversations.startGroup({ title: name, members: members.map(({ id }) => id) });
  };
  const group = chosen.length > 1;
  return (
    <Page
      title={t`New conversation`}
      summary={<Trans>Choose one person, a role, or several for a group. Only they can read it.</Trans>}
    >
      <div className={style['who']}>
        <MemberPicker
          focusFirst
          label={t`Find people and roles`}
          chosen={chosen}
          onChange={setChosen}
          search={search}
        />
      </div>
      {group && (
        <TextInput
          mt="md"
          label={t`Title of the group`}
          description={t`Sealed like the messages: the server cannot read it.`}
          maxLength={120}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
      )}
      <FailureNotice sentence={action.failure} />
      <Group mt="md" gap="sm">
        <Button
          size="md"
          disabled={chosen.length === 0 || (group && title.trim() === '')}
          loading={action.busy}
          onClick={start}
        >
          {group ? <Trans>Start the group</Trans> : <Trans>Start the conversation</Trans>}
        </Button>
        <Button size="md" variant="subtle" color="gray" onClick={() => void navigate({ to: '/inbox' })}>
          <Trans>Cancel</Trans>
        </Button>
      </Group>
    </Page>
  );
}
