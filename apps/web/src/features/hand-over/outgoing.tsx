import type { Baton, DutyRow, Owner } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { Button, Textarea } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconListCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { MAX_NOTE_LENGTH } from '../../design/batons/hand-over-form.tsx';
import { OwnerPicker } from '../../design/batons/owner-picker.tsx';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { Notice } from '../../design/primitives/notice.tsx';
import { Section } from '../../design/primitives/pane.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import style from './hand-over.module.css';
import { BatonItem, RoleItem } from './items.tsx';
import { type HandOver, useHandOver } from './use-hand-over.ts';

/** What I give away: to whom, which items, with which words. */
export function Outgoing({ owe }: { readonly owe: readonly Baton[] }) {
  const { t } = useLingui();
  const session = useSession();
  const rows = useLive(session.duty.roles);
  const me = useLive(session.me).account;
  const handOver = useHandOver();
  const roles = rows.filter(({ mine, can }) => mine && can.give);
  const { receiver, states } = handOver;
  const wentWithRole = (baton: Baton): boolean => states[baton.owner.id] === 'done';
  const items = owe.filter(
    (baton) => baton.can.handOver && baton.offer?.toMe !== true && !wentWithRole(baton),
  );
  const isPerson = receiver?.kind === 'person';
  const goes = (id: string): boolean => !handOver.left.has(id);
  const givenRoles = isPerson ? roles.filter(({ role }) => goes(role.id)) : [];
  const withRole = (baton: Baton): DutyRow | null =>
    givenRoles.find(({ role }) => role.id === baton.owner.id) ?? null;
  const given = items.filter((baton) => goes(baton.id) && withRole(baton) === null);
  if (items.length === 0 && roles.length === 0 && Object.keys(states).length === 0) return <Nothing />;
  return (
    <>
      <Section title={t`To whom`}>
        <div className={style['receiver']}>
          <OwnerPicker
            label={t`Colleague, role or queue`}
            chosen={receiver}
            suggested={suggestReceivers(roles, rows, me)}
            without={[me]}
            onChange={handOver.setReceiver}
          />
          <Textarea
            label={t`What they should know about the shift (optional)`}
            rows={2}
            maxLength={MAX_NOTE_LENGTH}
            value={handOver.note}
            onChange={(event) => handOver.setNote(event.currentTarget.value)}
          />
        </div>
      </Section>
      {items.length > 0 && (
        <Section title={t`What you owe`}>
          <ul className={style['items']}>
            {items.map((baton) => (
              <BatonItem
                key={baton.id}
                baton={baton}
                goesWith={goes(baton.id) ? (withRole(baton)?.role.name ?? null) : null}
                handOver={handOver}
              />
            ))}
          </ul>
        </Section>
      )}
      {roles.length > 0 && (
        <Section
          title={t`Roles that you hold`}
          text={
            receiver === null || isPerson ? undefined : (
              <Trans>Only a person can take a role. These stay with you.</Trans>
            )
          }
        >
          <ul className={style['items']}>
            {roles.map((row) => (
              <RoleItem
                key={row.role.id}
                row={row}
                enabled={receiver === null || isPerson}
                handOver={handOver}
              />
            ))}
          </ul>
        </Section>
      )}
      <Finish
        handOver={handOver}
        batons={given}
        roles={givenRoles}
        going={items.filter((baton) => goes(baton.id)).length}
      />
    </>
  );
}

/** Whoever comes next in a role that I hold; then whoever is on duty anywhere. */
function suggestReceivers(mine: readonly DutyRow[], all: readonly DutyRow[], me: string): readonly Owner[] {
  const people = [...mine.flatMap(({ next }) => next), ...all.flatMap(({ onDuty }) => onDuty)];
  return people.filter(
    (person, index) => person.id !== me && people.findIndex(({ id }) => id === person.id) === index,
  );
}

function Finish({
  handOver,
  batons,
  roles,
  going,
}: {
  readonly handOver: HandOver;
  readonly batons: readonly Baton[];
  readonly roles: readonly DutyRow[];
  /** Batons that change hands, those that go with a role among them. */
  readonly going: number;
}) {
  const { t } = useLingui();
  const { receiver, states, running } = handOver;
  const total = batons.length + roles.length;
  const ids = [...batons.map(({ id }) => id as string), ...roles.map(({ role }) => role.id as string)];
  const done = Object.values(states).filter((state) => state === 'done').length;
  const failed = Object.values(states).filter((state) => typeof state === 'object').length;
  const finished = !running && done > 0 && failed === 0;
  const open = ids.filter((id) => states[id] !== 'done').length;
  const name = receiver?.name ?? '';
  const baton = going;
  const role = roles.length;
  return (
    <div className={style['finish']}>
      <div role="status">
        {running && <p>{t`${done} of ${done + open} handed over`}</p>}
        {finished && (
          <Notice tone="done">
            {t`Handed over to ${name}. Each item stays yours until it is accepted; what is not accepted comes back to My batons.`}
          </Notice>
        )}
        {!running && failed > 0 && (
          <Notice tone="danger">
            {t`${plural(failed, { one: '# item was not handed over. It says why; try again.', other: '# items were not handed over. Each says why; try again.' })}`}
          </Notice>
        )}
      </div>
      {(!finished || open > 0) && total > 0 && (
        <Button
          size="md"
          loading={running}
          disabled={receiver === null || open === 0}
          onClick={() => void handOver.start({ batons, roles })}
        >
          {receiver === null
            ? t`Choose a colleague first`
            : baton === 0
              ? t`Hand over ${plural(role, { one: '# role', other: '# roles' })} to ${name}`
              : role === 0
                ? t`Hand over ${plural(baton, { one: '# baton', other: '# batons' })} to ${name}`
                : t`Hand over ${plural(baton, { one: '# baton', other: '# batons' })} and ${plural(role, { one: '# role', other: '# roles' })} to ${name}`}
        </Button>
      )}
    </div>
  );
}

function Nothing() {
  const { t } = useLingui();
  return (
    <EmptyState
      icon={<IconListCheck size={28} stroke={1.5} />}
      title={t`You have nothing to hand over`}
      action={
        <Button component={Link} to="/" variant="light">
          <Trans>Go to my batons</Trans>
        </Button>
      }
    >
      <Trans>Whatever you still owe at the end of a shift goes to a colleague from here.</Trans>
    </EmptyState>
  );
}
