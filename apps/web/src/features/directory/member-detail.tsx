import type { Member, Person, Role } from '@baton/client';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowLeft, IconMessage, IconShieldCheck } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { Face } from '../../design/primitives/face.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { useLayout } from '../../design/primitives/layout.ts';
import { MemberLine, useMemberWords } from '../../design/primitives/member-line.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { shortDate } from '../../design/words/time-words.ts';
import style from './directory.module.css';

export function MemberDetail({ member }: { readonly member: Member }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const layout = useLayout();
  const words = useMemberWords(member);
  return (
    <article className={style['detail']}>
      {layout !== 'wide' && (
        <IconAction label={t`Back to the directory`} onClick={() => void navigate({ to: '/directory' })}>
          <IconArrowLeft size={20} stroke={1.8} />
        </IconAction>
      )}
      <header className={style['head']}>
        <Face member={member} size="large" />
        <div>
          <h1>{member.name}</h1>
          <p className={style['about']}>{words}</p>
        </div>
      </header>
      <WriteButton member={member} />
      {member.kind === 'role' ? <RoleFacts role={member} /> : <PersonFacts person={member} />}
    </article>
  );
}

function WriteButton({ member }: { readonly member: Member }) {
  const { conversations, me } = useSession();
  const self = useLive(me).account;
  const navigate = useNavigate();
  const action = useAction();
  if (member.id === self || (member.kind !== 'role' && !member.active)) return null;
  const write = (): void => {
    void action.run(async () => {
      const conversation =
        member.kind === 'role'
          ? await conversations.startWithRole(member.id)
          : await conversations.startDirect(member.id);
      await navigate({ to: '/inbox/$conversation', params: { conversation: conversation.id } });
    });
  };
  return (
    <>
      <Button
        size="md"
        className={style['write']}
        loading={action.busy}
        leftSection={<IconMessage size={19} stroke={1.7} aria-hidden="true" />}
        onClick={write}
      >
        {member.kind === 'role' ? <Trans>Write to this role</Trans> : <Trans>Write a message</Trans>}
      </Button>
      <FailureNotice sentence={action.failure} />
    </>
  );
}

function RoleFacts({ role }: { readonly role: Role }) {
  const row = useLive(useSession().duty.roles).find((one) => one.role.id === role.id);
  const onDuty = row?.onDuty ?? role.holders;
  const others = role.holders.filter(({ id }) => !onDuty.some((person) => person.id === id));
  return (
    <>
      <section>
        <h2>
          <Trans>On duty now</Trans>
        </h2>
        {onDuty.length === 0 ? (
          <Notice tone="waiting">
            <Trans>
              Nobody is on duty. What you write waits; what you ask for goes up the ladder at once.
            </Trans>
          </Notice>
        ) : (
          <MemberLinks members={onDuty} />
        )}
        {row !== undefined && (
          <Link to="/on-call/$item" params={{ item: role.id }} className={style['more']}>
            <Trans>Week and schedule</Trans>
          </Link>
        )}
      </section>
      {others.length > 0 && (
        <section>
          <h2>
            <Trans>Can read it as well</Trans>
          </h2>
          <MemberLinks members={others} />
        </section>
      )}
    </>
  );
}

function PersonFacts({ person }: { readonly person: Person }) {
  const { t } = useLingui();
  const { directory } = useSession();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const held = useLive(directory.roles).filter(({ holders }) => holders.some(({ id }) => id === person.id));
  const { name, keysChanged } = person;
  const when = keysChanged === null ? '' : shortDate(keysChanged.at, now, frame);
  return (
    <>
      {!person.active && (
        <Notice tone="waiting">
          <Trans>This account is no longer active.</Trans>
        </Notice>
      )}
      {held.length > 0 && (
        <section>
          <h2>
            <Trans>Roles</Trans>
          </h2>
          <MemberLinks members={held} />
        </section>
      )}
      <section>
        <h2>
          <Trans>Trust</Trans>
        </h2>
        {person.verified ? (
          <p className={style['verified']}>
            <IconShieldCheck size={18} stroke={1.7} aria-hidden="true" />
            <Trans>Verified: signed by your organisation's key.</Trans>
          </p>
        ) : (
          <Notice tone="waiting">
            {person.problem ?? t`${name} is not verified by your organisation and gets no key.`}
          </Notice>
        )}
        {keysChanged !== null && (
          <p>
            {t`${name}'s keys changed on ${when}.`} {keysChanged.reason}
          </p>
        )}
        <details>
          <summary>
            <Trans>Details</Trans>
          </summary>
          <p>
            <Trans>Fingerprint</Trans> <span className={style['fingerprint']}>{person.fingerprint}</span>
          </p>
        </details>
      </section>
    </>
  );
}

function MemberLinks({ members }: { readonly members: readonly Member[] }) {
  return (
    <ul className={style['links']}>
      {members.map((member) => (
        <li key={member.id}>
          <Link to="/directory/$member" params={{ member: member.id }} className={style['row']}>
            <MemberLine member={member} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
