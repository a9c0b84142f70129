import type { Unit } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { Checkbox, NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CONTRACT_NAMES } from '../../../design/batons/baton-words.ts';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { LadderSelect, RoleSelect } from './choices.tsx';
import style from './organisation.module.css';
import { RecordForm } from './record-form.tsx';

const CONTRACTS = ['stat', 'talk', 'reply'] as const;

/** Roles, ladders, telephone and notices of a unit. */
export function UnitForm({ unit, onClose }: { readonly unit: Unit | null; readonly onClose: () => void }) {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const free = useFreeUnitNames();
  const [draft, setDraft] = useState<Unit>(
    () =>
      unit ?? {
        kind: 'unit',
        unit: duty.newUnitId(),
        name: free[0] ?? '',
        backup: null,
        charge: null,
        ladders: { reply: null, talk: null, stat: null },
        callback: null,
        showSender: { reply: false, talk: false, stat: true },
        active: true,
      },
  );
  const change = (part: Partial<Unit>): void => setDraft((old) => ({ ...old, ...part }));
  const { name } = draft;
  return (
    <RecordForm
      label={unit === null ? t`Add a unit` : t`Edit ${name}`}
      canSave={name !== ''}
      save={() => duty.saveUnit(draft)}
      remove={
        unit === null
          ? null
          : {
              title: t`Take out ${name}?`,
              words: t`Its roles stay. Steps for its backup and charge roles are left out from then on.`,
              confirm: t`Take out`,
              run: () => duty.saveUnit({ ...unit, active: false }),
            }
      }
      onClose={onClose}
    >
      {unit === null ? (
        <NativeSelect
          label={t`Unit`}
          description={t`Units are named by the roles that belong to them.`}
          value={name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          data={[...free]}
        />
      ) : (
        <h2>{name}</h2>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <RoleSelect
          label={t`Backup role`}
          none={t`None`}
          value={draft.backup}
          onChange={(backup) => change({ backup })}
        />
        <RoleSelect
          label={t`Role in charge`}
          none={t`None`}
          value={draft.charge}
          onChange={(charge) => change({ charge })}
        />
        {CONTRACTS.map((contract) => {
          const asked = i18n._(CONTRACT_NAMES[contract]);
          return (
            <LadderSelect
              key={contract}
              label={t`Ladder for ${asked}`}
              none={t`That of the organisation`}
              value={draft.ladders[contract]}
              onChange={(ladder) => change({ ladders: { ...draft.ladders, [contract]: ladder } })}
            />
          );
        })}
        <TextInput
          label={t`Number to call`}
          type="tel"
          maxLength={60}
          value={draft.callback ?? ''}
          onChange={(event) =>
            change({ callback: event.currentTarget.value === '' ? null : event.currentTarget.value })
          }
        />
      </SimpleGrid>
      <SenderShown value={draft.showSender} onChange={(showSender) => change({ showSender })} />
      {unit === null && free.length === 0 && (
        <p className={style['quiet']}>
          <Trans>Every unit that a role names is here already. Define a role with another unit first.</Trans>
        </p>
      )}
    </RecordForm>
  );
}

function SenderShown({
  value,
  onChange,
}: {
  readonly value: Unit['showSender'];
  readonly onChange: (value: Unit['showSender']) => void;
}) {
  const { t, i18n } = useLingui();
  return (
    <Checkbox.Group
      label={t`Notices outside the app may show the sender's name for`}
      description={t`They never show anything of the message.`}
      value={CONTRACTS.filter((contract) => value[contract])}
      onChange={(chosen) =>
        onChange({
          reply: chosen.includes('reply'),
          talk: chosen.includes('talk'),
          stat: chosen.includes('stat'),
        })
      }
    >
      <div className={style['checks']}>
        {CONTRACTS.map((contract) => (
          <Checkbox key={contract} value={contract} label={i18n._(CONTRACT_NAMES[contract])} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

/** Units that roles name and that have no record yet. */
function useFreeUnitNames(): readonly string[] {
  const { duty, directory } = useSession();
  const known = useLive(duty.units).filter(({ active }) => active);
  const named = useLive(directory.roles).flatMap(({ unit }) => (unit === null ? [] : [unit]));
  return [...new Set(named)].filter((name) => !known.some((unit) => unit.name === name)).sort();
}
