import type { AgentRow, Role } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { SearchField } from '../../design/primitives/search-field.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { foldText } from '../../design/words/fold-text.ts';
import style from './agents.module.css';

const MANY = 8;

/** Roles for which the duty assistant makes the shift changes: switched on one by one, since it can then read what they can. */
export function KeptRoles({ row, mayManage }: { readonly row: AgentRow; readonly mayManage: boolean }) {
  const { t, i18n } = useLingui();
  const roles = useLive(useSession().directory.roles);
  const [query, setQuery] = useState('');
  const shown = useMemo(
    () =>
      roles
        .filter(
          (role) =>
            role.use === 'duty' && foldText(`${role.name} ${role.unit ?? ''}`).includes(foldText(query)),
        )
        .toSorted((a, b) => a.name.localeCompare(b.name, i18n.locale)),
    [roles, query, i18n.locale],
  );
  const count = row.roles.length;
  return (
    <section>
      <h2>
        <Trans>Roles it keeps</Trans>
      </h2>
      <p className={style['quiet']}>
        {count === 0 ? (
          <Trans>None. Without it, a shift change waits for the device of a holder.</Trans>
        ) : (
          <Trans>A role whose holders are all entered ahead does not need it.</Trans>
        )}
      </p>
      {roles.length > MANY && (
        <SearchField label={t`Search roles`} clearLabel={t`Clear search`} value={query} onChange={setQuery} />
      )}
      <ul className={style['switches']}>
        {shown.map((role) => (
          <KeptRole key={role.id} row={row} role={role} mayManage={mayManage} />
        ))}
      </ul>
    </section>
  );
}

function KeptRole({
  row,
  role,
  mayManage,
}: {
  readonly row: AgentRow;
  readonly role: Role;
  readonly mayManage: boolean;
}) {
  const { t } = useLingui();
  const { agents } = useSession();
  const action = useAction();
  const [asking, setAsking] = useState(false);
  const isOn = row.roles.some(({ id }) => id === role.id);
  const { name } = role;
  const agentName = row.agent.name;
  return (
    <li>
      <Switch
        label={name}
        description={
          isOn
            ? t`Makes the shift changes of ${name}. It can therefore read what this role can read.`
            : t`Off`
        }
        checked={isOn}
        disabled={!mayManage || action.busy}
        onChange={() => {
          if (isOn) void action.run(() => agents.keepRole(row.agent.id, role.id, false));
          else setAsking(true);
        }}
      />
      <FailureNotice sentence={action.failure} />
      {asking && (
        <ConfirmDialog
          title={t`Let ${agentName} keep ${name}?`}
          confirm={t`Switch it on`}
          onConfirm={() => agents.keepRole(row.agent.id, role.id, true)}
          onClose={() => setAsking(false)}
        >
          <Trans>
            It makes the shift changes of {name}, also when nobody is online. It can therefore read what this
            role can read, and everybody sees it among the readers.
          </Trans>
        </ConfirmDialog>
      )}
    </li>
  );
}
