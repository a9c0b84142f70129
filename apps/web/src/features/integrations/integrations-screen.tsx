import type { MadeIntegration } from '@baton/client';
import type { IntegrationBody } from '@baton/wire';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { RowSkeleton } from '../../design/primitives/after-delay.tsx';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { Page } from '../../design/primitives/pane.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { ExampleRequest } from './example-request.tsx';
import { IntegrationRow } from './integration-row.tsx';
import style from './integrations.module.css';
import { MadeDialog, NewIntegration } from './new-integration.tsx';

/** Outside systems that may open batons and are told how they end: ids and states only. */
export function IntegrationsScreen() {
  const { t } = useLingui();
  const { integrations } = useSession();
  const [rows, setRows] = useState<readonly IntegrationBody[] | null>(null);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<MadeIntegration | null>(null);
  const { run, failure, busy } = useAction();
  const load = useCallback(
    () => void run(async () => setRows(await integrations.list())),
    [run, integrations],
  );
  usePageTitle(t`Integrations`);
  useEffect(load, [load]);
  const count = rows?.length ?? 0;
  const many = plural(count, { one: '# outside system', other: '# outside systems' });
  return (
    <Page
      wide
      title={t`Integrations`}
      summary={
        rows === null || count === 0
          ? t`Outside systems open batons here and are told who ended them. They never see a message.`
          : t`${many} may open batons here and are told who ended them. They never see a message.`
      }
      actions={
        <Button
          leftSection={<IconPlus size={18} stroke={1.7} aria-hidden="true" />}
          onClick={() => setAdding(true)}
        >
          <Trans>Connect a system</Trans>
        </Button>
      }
    >
      <div className={style['body']}>
        <FailureNotice sentence={failure} />
        {failure !== null && (
          <div>
            <Button variant="default" loading={busy} onClick={load}>
              <Trans>Try again</Trans>
            </Button>
          </div>
        )}
        {rows === null && busy && <RowSkeleton rows={3} label={t`Loading the integrations`} />}
        {rows !== null && count === 0 && (
          <EmptyState icon={<IconPlugConnected size={28} stroke={1.5} />} title={t`Nothing is connected`}>
            <Trans>
              A laboratory system can open a baton for a critical result, and is told who acknowledged it, and
              when.
            </Trans>
          </EmptyState>
        )}
        {rows !== null && count > 0 && (
          <ul className={style['list']}>
            {rows.map((row) => (
              <IntegrationRow key={row.integration} row={row} onGone={load} />
            ))}
          </ul>
        )}
        <ExampleRequest />
      </div>
      {adding && (
        <NewIntegration
          onMade={(fresh) => {
            setAdding(false);
            setMade(fresh);
            load();
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {made !== null && <MadeDialog made={made} onClose={() => setMade(null)} />}
    </Page>
  );
}
