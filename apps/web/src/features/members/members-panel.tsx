import type { Conversation, Member, Readers } from '@baton/client';
import { Button } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconDoorExit,
  IconPencil,
  IconShieldLock,
  IconStairsUp,
  IconUserPlus,
  IconX,
} from '@tabler/icons-react';
import { useId, useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { AddMembers } from './add-members.tsx';
import { AgentReader } from './agent-reader.tsx';
import { Fingerprints } from './fingerprints.tsx';
import style from './members.module.css';
import { ReaderRow } from './reader-row.tsx';
import { RenameForm } from './rename-form.tsx';

export interface MembersPanelProps {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}

/** Who can read this: people, the people behind roles, assistants, and the custodian. */
export function MembersPanel({ conversation, onClose }: MembersPanelProps) {
  const { t } = useLingui();
  const titleId = useId();
  const readers = useLive(conversation.readers);
  const [adding, setAdding] = useState(false);
  return (
    <section className={style['panel']} aria-labelledby={titleId}>
      <PaneHeader
        titleId={titleId}
        title={<Trans>Who can read this</Trans>}
        after={
          <IconAction label={t`Close`} onClick={onClose}>
            <IconX size={18} stroke={1.8} />
          </IconAction>
        }
      />
      <div className={style['body']}>
        <p className={style['sentence']}>
          <ReadersSentence readers={readers} />
        </p>
        {adding ? (
          <AddMembers conversation={conversation} onDone={() => setAdding(false)} />
        ) : (
          readers.canAdd && (
            <Button
              fullWidth
              variant="light"
              leftSection={<IconUserPlus size={18} stroke={1.7} aria-hidden="true" />}
              onClick={() => setAdding(true)}
            >
              <Trans>Add people or a role</Trans>
            </Button>
          )
        )}
        <ReaderList conversation={conversation} readers={readers} />
        <LadderReaders />
        <Custodian readers={readers} />
        <Fingerprints readers={readers} />
        <Acts conversation={conversation} />
      </div>
    </section>
  );
}

function ReadersSentence({ readers }: { readonly readers: Readers }) {
  const { t } = useLingui();
  const { people, agents } = readers.sentence;
  const who = plural(people, { one: '# person', other: '# people' });
  const helpers = plural(agents, { one: '# assistant', other: '# assistants' });
  return agents === 0 ? t`Only ${who} can read this.` : t`Only ${who} and ${helpers} can read this.`;
}

function ReaderList({
  conversation,
  readers,
}: {
  readonly conversation: Conversation;
  readonly readers: Readers;
}) {
  const { t } = useLingui();
  const [removing, setRemoving] = useState<Member | null>(null);
  const direct = readers.people.filter(({ via }) => via === null);
  const me = useLive(useSession().me).account;
  const canRemove = (member: Member): boolean =>
    member.id !== me && readers.canRemove.some((id) => id === member.id);
  const remove = (member: Member) => (canRemove(member) ? () => setRemoving(member) : null);
  const name = removing?.name ?? '';
  return (
    <>
      <ul className={style['list']} aria-label={t`People`}>
        {direct.map(({ person, sees }) => (
          <ReaderRow
            key={person.id}
            member={person}
            partly={sees === 'from-joining'}
            onRemove={remove(person)}
          />
        ))}
      </ul>
      {readers.roles.map((role) => (
        <div key={role.id} className={style['role']}>
          <ul className={style['list']}>
            <ReaderRow member={role} partly={false} onRemove={remove(role)} />
          </ul>
          <ul className={style['holders']} aria-label={t`Who holds ${role.name}`}>
            {role.holders.map((person) => (
              <ReaderRow key={person.id} member={person} partly={false} onRemove={null} />
            ))}
          </ul>
        </div>
      ))}
      {readers.agents.length > 0 && (
        <ul className={style['list']} aria-label={t`Assistants`}>
          {readers.agents.map((agent) => (
            <AgentReader
              key={agent.id}
              agent={agent}
              conversation={conversation}
              canRevoke={readers.canRemove.some((id) => id === agent.id)}
            />
          ))}
        </ul>
      )}
      {removing !== null && (
        <ConfirmDialog
          danger
          title={t`Remove ${name}?`}
          confirm={t`Remove`}
          onConfirm={() => conversation.removeMember(removing.id)}
          onClose={() => setRemoving(null)}
        >
          <Trans>
            {name} keeps what was sent before, and cannot read anything that is sent after this. New keys are
            made for the others.
          </Trans>
        </ConfirmDialog>
      )}
    </>
  );
}

/** Who else may open a message that asks for something. */
function LadderReaders() {
  return (
    <div className={style['custodian']}>
      <IconStairsUp size={20} stroke={1.6} aria-hidden="true" />
      <p>
        <Trans>
          A message that asks for something can also be opened by whoever its ladder reaches: that one message
          and its context, nothing else. Its sender sees who that can be.
        </Trans>
      </p>
    </div>
  );
}

function Custodian({ readers }: { readonly readers: Readers }) {
  const { t } = useLingui();
  if (readers.custodian === null) return null;
  const { threshold, shares } = readers.custodian;
  return (
    <div className={style['custodian']}>
      <IconShieldLock size={20} stroke={1.6} aria-hidden="true" />
      <p>
        {t`Your organisation's custodian key can open this too, for legal disclosure. It needs ${threshold} of ${shares} people who each keep a share.`}
      </p>
    </div>
  );
}

function Acts({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useLingui();
  const session = useSession();
  const me = useLive(session.me).account;
  const summary = useLive(conversation.summary);
  const [renaming, setRenaming] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const mine = summary.members.some(({ id }) => id === me);
  if (summary.kind !== 'group' || summary.closed) return null;
  return (
    <div className={style['acts']}>
      {renaming ? (
        <RenameForm conversation={conversation} title={summary.title} onDone={() => setRenaming(false)} />
      ) : (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconPencil size={18} stroke={1.7} aria-hidden="true" />}
          onClick={() => setRenaming(true)}
        >
          <Trans>Rename</Trans>
        </Button>
      )}
      {mine && (
        <Button
          variant="subtle"
          color="red"
          leftSection={<IconDoorExit size={18} stroke={1.7} aria-hidden="true" />}
          onClick={() => setLeaving(true)}
        >
          <Trans>Leave this conversation</Trans>
        </Button>
      )}
      {leaving && (
        <ConfirmDialog
          danger
          title={t`Leave this conversation?`}
          confirm={t`Leave`}
          onConfirm={() => conversation.leave()}
          onClose={() => setLeaving(false)}
        >
          <Trans>You will not see new messages. Somebody who is still in it can add you again.</Trans>
        </ConfirmDialog>
      )}
    </div>
  );
}
