import type { Conversation, Member } from '@baton/client';
import { Button, Group, Switch } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useCallback, useState } from 'react';
import { MemberPicker } from '../../design/primitives/member-picker.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import style from './members.module.css';

export function AddMembers({
  conversation,
  onDone,
}: {
  readonly conversation: Conversation;
  readonly onDone: () => void;
}) {
  const { t } = useLingui();
  const { directory } = useSession();
  const { members } = useLive(conversation.summary);
  const [chosen, setChosen] = useState<readonly Member[]>([]);
  const [history, setHistory] = useState(true);
  const action = useAction();
  const search = useCallback(
    (query: string) => directory.search(query).filter((found) => !members.some(({ id }) => id === found.id)),
    [directory, members],
  );
  const add = (): void => {
    const ids = chosen.map(({ id }) => id);
    void action.run(() => conversation.addMembers(ids, { history })).then((done) => done && onDone());
  };
  return (
    <div className={style['adding']}>
      <MemberPicker
        focusFirst
        label={t`Find people and roles`}
        chosen={chosen}
        onChange={setChosen}
        search={search}
      />
      <Switch
        label={t`They can read earlier messages`}
        checked={history}
        onChange={(event) => setHistory(event.currentTarget.checked)}
      />
      <FailureNotice sentence={action.failure} />
      <Group gap="xs">
        <Button disabled={chosen.length === 0} loading={action.busy} onClick={add}>
          <Trans>Add</Trans>
        </Button>
        <Button variant="subtle" color="gray" onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </Group>
    </div>
  );
}
