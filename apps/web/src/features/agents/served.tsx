import type { AgentRow } from '@baton/client';
import type { ConversationId } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect, Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import style from './agents.module.css';

/** Conversations that it can read, as far as this account knows them. */
export function Served({
  row,
  manifest,
  mayManage,
}: {
  readonly row: AgentRow;
  readonly manifest: Manifest;
  readonly mayManage: boolean;
}) {
  const talks = manifest.access.some(({ kind }) => kind !== 'keyring' && kind !== 'collection');
  if (!talks && row.serves.length === 0) return null;
  return (
    <section>
      <h2>
        <Trans>Conversations it can read</Trans>
      </h2>
      {row.serves.length === 0 ? (
        <p className={style['quiet']}>
          <Trans>None that you are in.</Trans>
        </p>
      ) : (
        <ul className={style['served']}>
          {row.serves.map((one) => (
            <ServedRow key={one.conversation} row={row} served={one} mayManage={mayManage} />
          ))}
        </ul>
      )}
      {mayManage && <Admit row={row} manifest={manifest} />}
    </section>
  );
}

function ServedRow({
  row,
  served,
  mayManage,
}: {
  readonly row: AgentRow;
  readonly served: AgentRow['serves'][number];
  readonly mayManage: boolean;
}) {
  const { t } = useLingui();
  const { agents } = useSession();
  const [revoking, setRevoking] = useState(false);
  const { title, conversation, history } = served;
  const agentName = row.agent.name;
  return (
    <li>
      <span className={style['served-words']}>
        <Link to="/inbox/$conversation" params={{ conversation }}>
          {title}
        </Link>
        <span className={style['quiet']}>{history ? t`everything` : t`from when it was let in`}</span>
      </span>
      {mayManage && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t`Take out ${agentName}: ${title}`}
          onClick={() => setRevoking(true)}
        >
          <Trans>Take out</Trans>
        </Button>
      )}
      {revoking && (
        <ConfirmDialog
          danger
          title={t`Take ${agentName} out of ${title}?`}
          confirm={t`Take out`}
          onConfirm={() => agents.revoke(row.agent.id, conversation)}
          onClose={() => setRevoking(false)}
        >
          <Trans>New keys are made at once. It reads nothing that is written from then on.</Trans>
        </ConfirmDialog>
      )}
    </li>
  );
}

function Admit({ row, manifest }: { readonly row: AgentRow; readonly manifest: Manifest }) {
  const { t } = useLingui();
  const { agents, conversations } = useSession();
  const [chosen, setChosen] = useState('');
  const [history, setHistory] = useState(false);
  const action = useAction();
  const open = useLive(conversations.list).filter(
    (one) =>
      !one.closed &&
      manifest.access.some(({ kind }) => kind === one.kind) &&
      !row.serves.some(({ conversation }) => conversation === one.id),
  );
  const conversation = open.find(({ id }) => id === chosen);
  const mayReadBack = manifest.access.some((one) => one.kind === conversation?.kind && one.history);
  const admit = (id: ConversationId): void => {
    void action
      .run(() => agents.admit(row.agent.id, id, { history: history && mayReadBack }))
      .then((done) => done && setChosen(''));
  };
  if (open.length === 0) return null;
  return (
    <form
      className={style['admit']}
      onSubmit={(event) => {
        event.preventDefault();
        if (conversation !== undefined) admit(conversation.id);
      }}
    >
      <NativeSelect
        size="sm"
        label={t`Let it into a conversation`}
        value={conversation?.id ?? ''}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[
          { value: '', label: t`Choose a conversation` },
          ...open.map(({ id, title }) => ({ value: id as string, label: title })),
        ]}
      />
      {mayReadBack && (
        <Switch
          label={t`It can read earlier messages`}
          checked={history}
          onChange={(event) => setHistory(event.currentTarget.checked)}
        />
      )}
      <FailureNotice sentence={action.failure} />
      <div>
        <Button
          size="sm"
          variant="light"
          type="submit"
          disabled={conversation === undefined}
          loading={action.busy}
        >
          <Trans>Let it in</Trans>
        </Button>
      </div>
    </form>
  );
}
