import type { IntegrationBody } from '@baton/wire';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { listTime, shortDate } from '../../design/words/time-words.ts';
import style from './integrations.module.css';

/** One outside system: when it was used, and whether it hears what it should. */
export function IntegrationRow({
  row,
  onGone,
}: {
  readonly row: IntegrationBody;
  readonly onGone: () => void;
}) {
  const { t } = useLingui();
  const { integrations } = useSession();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const [removing, setRemoving] = useState(false);
  const { name, webhook, pending, lastFailure, createdAt, lastUsedAt } = row;
  const since = shortDate(createdAt, now, frame);
  const used = lastUsedAt === null ? null : listTime(lastUsedAt, now, frame);
  const waiting = plural(pending, { one: '# delivery waits', other: '# deliveries wait' });
  const failure = lastFailure ?? '';
  return (
    <li className={style['row']}>
      <div className={style['words']}>
        <h2>{name}</h2>
        <p className={style['quiet']}>
          {used === null ? t`Connected ${since}, not used yet` : t`Connected ${since}, last used ${used}`}
        </p>
        <p className={style['address']}>
          {webhook === null ? <Trans>Asks by itself how its batons ended.</Trans> : <code>{webhook}</code>}
        </p>
        {(pending > 0 || lastFailure !== null) && (
          <p className={style['warning']}>
            <IconAlertTriangle size={15} stroke={2} aria-hidden="true" />
            {lastFailure === null ? `${waiting}.` : t`${waiting}. The last try failed: ${failure}.`}
          </p>
        )}
      </div>
      <Button
        variant="outline"
        color="red"
        size="compact-sm"
        aria-label={t`Disconnect ${name}`}
        onClick={() => setRemoving(true)}
      >
        <Trans>Disconnect…</Trans>
      </Button>
      {removing && (
        <ConfirmDialog
          danger
          title={t`Disconnect ${name}?`}
          confirm={t`Disconnect`}
          onConfirm={() => integrations.remove(row.integration).then(onGone)}
          onClose={() => setRemoving(false)}
        >
          <Trans>
            Its token ends at once and it is told nothing more. The batons that it opened stay with their
            owners.
          </Trans>
        </ConfirmDialog>
      )}
    </li>
  );
}
