import type { AgentRow } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { Face } from '../../design/primitives/face.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { useLayout } from '../../design/primitives/layout.ts';
import { Notice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { Activity } from './activity.tsx';
import style from './agents.module.css';
import { ManifestActs } from './change-manifest.tsx';
import { Served } from './served.tsx';
import { KeptRoles } from './kept-roles.tsx';
import { ManifestFacts } from './manifest-facts.tsx';

/** One assistant. */
export function AgentDetail({ row }: { readonly row: AgentRow }) {
  const { t } = useLingui();
  const session = useSession();
  const navigate = useNavigate();
  const layout = useLayout();
  const { agent, manifest } = row;
  const mayManage = session.can('agent.manage') && agent.active;
  return (
    <article className={style['detail']}>
      {layout !== 'wide' && (
        <IconAction label={t`Back to the assistants`} onClick={() => void navigate({ to: '/agents' })}>
          <IconArrowLeft size={20} stroke={1.8} />
        </IconAction>
      )}
      <header className={style['head']}>
        <Face member={agent} size="large" />
        <div>
          <h1>{agent.name}</h1>
          {manifest !== null && (
            <ul className={style['purposes']}>
              {manifest.purposes.map((purpose) => (
                <li key={purpose}>{purpose}</li>
              ))}
            </ul>
          )}
        </div>
      </header>
      {!agent.active && (
        <Notice tone="waiting">
          <Trans>Ended. It is in no conversation and gets no keys. What it did stays on record.</Trans>
        </Notice>
      )}
      {agent.active && !agent.verified && (
        <Notice tone="waiting">
          {agent.problem ?? t`Not verified by your organisation: it gets no keys.`}
        </Notice>
      )}
      {agent.active && manifest === null && (
        <Notice tone="danger">
          <Trans>
            This device does not know its manifest, or the manifest is not the one that was signed. It gets no
            keys from here.
          </Trans>
        </Notice>
      )}
      {manifest !== null && <ManifestFacts row={row} manifest={manifest} />}
      {agent.active && manifest?.duty === true && <KeptRoles row={row} mayManage={mayManage} />}
      {agent.active && manifest !== null && <Served row={row} manifest={manifest} mayManage={mayManage} />}
      {mayManage && manifest !== null && <ManifestActs row={row} manifest={manifest} />}
      {session.can('agent.activity.read') && <Activity agent={agent} />}
      {mayManage && <End row={row} />}
    </article>
  );
}

function End({ row }: { readonly row: AgentRow }) {
  const { t } = useLingui();
  const { agents } = useSession();
  const [ending, setEnding] = useState(false);
  const { name, id } = row.agent;
  return (
    <section>
      <h2>
        <Trans>End it</Trans>
      </h2>
      <p className={style['quiet']}>
        <Trans>Its account ends everywhere, for good. To use it again, invite it again.</Trans>
      </p>
      <div>
        <Button variant="outline" color="red" onClick={() => setEnding(true)}>
          <Trans>End {name}…</Trans>
        </Button>
      </div>
      {ending && (
        <ConfirmDialog
          danger
          title={t`End ${name}?`}
          confirm={t`End it everywhere`}
          onConfirm={() => agents.end(id)}
          onClose={() => setEnding(false)}
        >
          <Trans>
            Its sessions end at once. It is taken out of every conversation and role, and new keys are made
            there. This cannot be undone.
          </Trans>
        </ConfirmDialog>
      )}
    </section>
  );
}
