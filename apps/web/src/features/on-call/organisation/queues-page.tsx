import type { Member, Role } from '@baton/client';
import type { Queue } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, TextInput } from '@mantine/core';
import { IconPlus, IconStack2 } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { MemberPicker } from '../../../design/primitives/member-picker.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import style from './organisation.module.css';
import { RecordForm } from './record-form.tsx';

/** Shared inboxes of teams: who may take from them, and who answers for what nobody took. */
export function QueuesPage() {
  const { t, i18n } = useLingui();
  const session = useSession();
  const queues = useLive(session.duty.queues)
    .filter(({ active }) => active)
    .toSorted((a, b) => a.name.localeCompare(b.name, i18n.locale));
  const mayEdit = session.can('duty.policy');
  const [adding, setAdding] = useState(false);
  return (
    <>
      <div className={style['top']}>
        <p className={style['summary']}>
          <Trans>
            A queue is an inbox that a team shares. Whoever takes something from it answers for it; until then
            its default owner does.
          </Trans>
        </p>
        {mayEdit && !adding && (
          <Button
            variant="light"
            leftSection={<IconPlus size={18} stroke={1.7} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            <Trans>Add a queue</Trans>
          </Button>
        )}
      </div>
      {adding && <QueueForm queue={null} onClose={() => setAdding(false)} />}
      {queues.length === 0 && !adding ? (
        <EmptyState icon={<IconStack2 size={28} stroke={1.5} />} title={t`No queues yet`}>
          <Trans>Good for refills, letters and other work that any one of a team can do.</Trans>
        </EmptyState>
      ) : (
        <ul className={style['list']}>
          {queues.map((queue) => (
            <QueueItem key={queue.queue} queue={queue} mayEdit={mayEdit} />
          ))}
        </ul>
      )}
    </>
  );
}

function QueueItem({ queue, mayEdit }: { readonly queue: Queue; readonly mayEdit: boolean }) {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const [editing, setEditing] = useState(false);
  if (editing) {
    return (
      <li>
        <QueueForm queue={queue} onClose={() => setEditing(false)} />
      </li>
    );
  }
  const roles = queue.roles.map((role) => duty.owner(role)?.name ?? '?');
  const { name } = queue;
  return (
    <li className={style['item']}>
      <div className={style['item-head']}>
        <h2>{name}</h2>
        {mayEdit && (
          <Button
            size="compact-sm"
            variant="light"
            aria-label={t`Edit ${name}`}
            onClick={() => setEditing(true)}
          >
            <Trans>Edit</Trans>
          </Button>
        )}
      </div>
      <dl className={style['facts']}>
        <dt>
          <Trans>May take from it</Trans>
        </dt>
        <dd>{new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(roles)}</dd>
        <dt>
          <Trans>Default owner</Trans>
        </dt>
        <dd>{duty.owner(queue.defaultOwner)?.name ?? '?'}</dd>
      </dl>
    </li>
  );
}

function QueueForm({ queue, onClose }: { readonly queue: Queue | null; readonly onClose: () => void }) {
  const { t } = useLingui();
  const { duty, directory } = useSession();
  const find = (id: Queue['defaultOwner']): readonly Member[] => {
    const member = directory.member(id);
    return member === null ? [] : [member];
  };
  const [name, setName] = useState(queue?.name ?? '');
  const [roles, setRoles] = useState<readonly Role[]>(() =>
    (queue?.roles ?? []).flatMap(find).filter(isRole),
  );
  const [owner, setOwner] = useState<readonly Member[]>(() =>
    queue === null ? [] : find(queue.defaultOwner),
  );
  const searchRoles = useCallback((query: string) => directory.search(query).filter(isRole), [directory]);
  const searchOwners = useCallback(
    (query: string) => directory.search(query).filter(({ kind }) => kind === 'person' || kind === 'role'),
    [directory],
  );
  const [first] = owner;
  const save = async (): Promise<void> => {
    if (first === undefined) return;
    await duty.saveQueue({
      kind: 'queue',
      queue: queue?.queue ?? duty.newQueueId(),
      name: name.trim(),
      roles: roles.map(({ id }) => id),
      defaultOwner: first.id,
      active: true,
    });
  };
  const title = queue?.name ?? '';
  return (
    <RecordForm
      label={queue === null ? t`Add a queue` : t`Edit ${title}`}
      canSave={name.trim() !== '' && roles.length > 0 && first !== undefined}
      save={save}
      remove={
        queue === null
          ? null
          : {
              title: t`Take out ${title}?`,
              words: t`What is still open in it goes to the next step of its ladder.`,
              confirm: t`Take out`,
              run: () => duty.saveQueue({ ...queue, active: false }),
            }
      }
      onClose={onClose}
    >
      <TextInput
        label={t`Name`}
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className={style['picks']}>
        <div>
          <p className={style['label']}>
            <Trans>Roles that may take from it</Trans>
          </p>
          <MemberPicker
            label={t`Find roles`}
            chosen={roles}
            onChange={(all) => setRoles(all.filter(isRole))}
            search={searchRoles}
          />
        </div>
        <div>
          <p className={style['label']}>
            <Trans>Answers for it until somebody takes it</Trans>
          </p>
          <MemberPicker
            label={t`Find a person or a role`}
            chosen={owner}
            onChange={(all) => setOwner(all.slice(-1))}
            search={searchOwners}
          />
        </div>
      </div>
    </RecordForm>
  );
}

function isRole(member: Member): member is Role {
  return member.kind === 'role';
}
