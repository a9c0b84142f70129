import type { Unit } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconBuildingHospital, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { CONTRACT_NAMES } from '../../../design/batons/baton-words.ts';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import style from './organisation.module.css';
import { UnitForm } from './unit-form.tsx';

const CONTRACTS = ['stat', 'talk', 'reply'] as const;

/** What a unit does differently: who backs up, who is in charge, which ladders, which telephone. */
export function UnitsPage() {
  const { t, i18n } = useLingui();
  const session = useSession();
  const units = useLive(session.duty.units)
    .filter(({ active }) => active)
    .toSorted((a, b) => a.name.localeCompare(b.name, i18n.locale));
  const mayEdit = session.can('duty.policy');
  const [adding, setAdding] = useState(false);
  return (
    <>
      <div className={style['top']}>
        <p className={style['summary']}>
          <Trans>
            A unit names the roles that its ladders reach, and the number to call. What it does not say, the
            rules of the organisation do.
          </Trans>
        </p>
        {mayEdit && !adding && (
          <Button
            variant="light"
            leftSection={<IconPlus size={18} stroke={1.7} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            <Trans>Add a unit</Trans>
          </Button>
        )}
      </div>
      {adding && <UnitForm unit={null} onClose={() => setAdding(false)} />}
      {units.length === 0 && !adding ? (
        <EmptyState icon={<IconBuildingHospital size={28} stroke={1.5} />} title={t`No units yet`}>
          <Trans>Until there are, steps for backup and charge roles are left out.</Trans>
        </EmptyState>
      ) : (
        <ul className={style['list']}>
          {units.map((unit) => (
            <UnitItem key={unit.unit} unit={unit} mayEdit={mayEdit} />
          ))}
        </ul>
      )}
    </>
  );
}

function UnitItem({ unit, mayEdit }: { readonly unit: Unit; readonly mayEdit: boolean }) {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const ladders = useLive(duty.ladders);
  const [editing, setEditing] = useState(false);
  if (editing) {
    return (
      <li>
        <UnitForm unit={unit} onClose={() => setEditing(false)} />
      </li>
    );
  }
  const roleName = (role: Unit['backup']): string =>
    role === null ? t`None` : (duty.owner(role)?.name ?? '?');
  const own = CONTRACTS.flatMap((contract) => {
    const ladder = ladders.find((one) => one.ladder === unit.ladders[contract]);
    return ladder === undefined ? [] : [`${i18n._(CONTRACT_NAMES[contract])}: ${ladder.name}`];
  });
  const shown = CONTRACTS.filter((contract) => unit.showSender[contract]).map((one) =>
    i18n._(CONTRACT_NAMES[one]),
  );
  const { name } = unit;
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
          <Trans>Backup</Trans>
        </dt>
        <dd>{roleName(unit.backup)}</dd>
        <dt>
          <Trans>In charge</Trans>
        </dt>
        <dd>{roleName(unit.charge)}</dd>
        <dt>
          <Trans>Ladders</Trans>
        </dt>
        <dd>{own.length === 0 ? t`Those of the organisation` : own.join('; ')}</dd>
        <dt>
          <Trans>Number to call</Trans>
        </dt>
        <dd>{unit.callback ?? t`That of the organisation`}</dd>
        <dt>
          <Trans>Sender's name in notices</Trans>
        </dt>
        <dd>{shown.length === 0 ? t`Never` : shown.join(', ')}</dd>
      </dl>
    </li>
  );
}
