import type { ProtocolView } from '@baton/client';
import { Button, Group, Tabs } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ConfirmDialog } from '../../../design/primitives/confirm-dialog.tsx';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { usePageTitle } from '../../../design/primitives/page-title.ts';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { EditorPart } from '../editor/editor-part.tsx';
import { useDraft } from '../editor/use-draft.ts';
import { PreviewPart } from '../preview/preview-part.tsx';
import style from '../programmes.module.css';
import { Guarded } from '../programmes-screen.tsx';
import { ExplorationPart } from './exploration-part.tsx';
import { SignaturesPart } from './signatures-part.tsx';
import { SignedMark } from './signed-mark.tsx';
import { SourcesPart } from './sources-part.tsx';
import { useExploration } from './use-exploration.ts';
import { useState } from 'react';

/** One version of a protocol: read, change, check, try, sign. */
export function ProtocolScreen() {
  const { t } = useLingui();
  usePageTitle(t`Check-in protocols`);
  return (
    <Guarded>
      <Chosen />
    </Guarded>
  );
}

function Chosen() {
  const { t } = useLingui();
  const { protocol: key = '' } = useParams({ strict: false });
  const views = useLive(useSession().programmes.protocols);
  const view = views.find(({ version }) => `${version.id}~${version.version}` === key);
  if (!view)
    return (
      <EmptyState title={t`No such protocol`}>
        <Link to="/programmes/protocols">
          <Trans>All protocols</Trans>
        </Link>
      </EmptyState>
    );
  return <Version key={key} view={view} views={views} />;
}

function Version({ view, views }: { readonly view: ProtocolView; readonly views: readonly ProtocolView[] }) {
  const { t, i18n } = useLingui();
  const { version, mayRun, patients } = view;
  const session = useSession();
  const draft = useDraft(version.body);
  const explored = useExploration(version.body, draft.saved);
  const language = i18n.locale === 'es' ? 'es' : 'en';
  const problems = explored.t === 'done' ? explored.exploration.problems.length : 0;
  return (
    <div className={style['protocol-page']}>
      <header className={style['protocol-head']}>
        <Link to="/programmes/protocols" className={style['back']}>
          <IconArrowLeft size={17} stroke={1.8} aria-hidden="true" />
          <Trans>All protocols</Trans>
        </Link>
        <div className={style['protocol-title']}>
          <h1>{version.name}</h1>
          <span className={style['quiet']}>{t`version ${version.version}`}</span>
          <SignedMark view={view} />
          <span className={style['quiet']}>
            {t`${plural(patients, { one: '# patient', other: '# patients' })}`}
          </span>
          <Acts view={view} views={views} draft={draft} />
        </div>
        {!mayRun && (
          <Notice tone="waiting">
            {draft.saved ? draft.saved.banner[language] : t`Not for clinical use until it is signed.`}
          </Notice>
        )}
      </header>
      <Tabs defaultValue="edit" keepMounted={false} className={style['protocol-tabs'] ?? ''}>
        <Tabs.List aria-label={t`Parts of the protocol`}>
          <Tabs.Tab value="edit">
            {version.state === 'draft' && session.can('protocol.write') ? t`Read and change` : t`Read`}
          </Tabs.Tab>
          <Tabs.Tab value="check">
            {t`Check`}
            {problems > 0 && <span className={style['count']}>{problems}</span>}
          </Tabs.Tab>
          <Tabs.Tab value="try">{t`Try it`}</Tabs.Tab>
          <Tabs.Tab value="sources">{t`Sources`}</Tabs.Tab>
          <Tabs.Tab value="sign">{t`Sign`}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="edit" className={style['panel'] ?? ''}>
          <EditorPart draft={draft} readOnly={version.state !== 'draft' || !session.can('protocol.write')} />
        </Tabs.Panel>
        <Tabs.Panel value="check" className={style['panel'] ?? ''}>
          <ExplorationPart explored={explored} changed={draft.changed} shape={draft.problems} />
        </Tabs.Panel>
        <Tabs.Panel value="try" className={style['panel'] ?? ''}>
          <PreviewPart protocol={draft.protocol} />
        </Tabs.Panel>
        <Tabs.Panel value="sources" className={style['panel'] ?? ''}>
          <SourcesPart protocol={draft.saved} />
        </Tabs.Panel>
        <Tabs.Panel value="sign" className={style['panel'] ?? ''}>
          <SignaturesPart view={view} explored={explored} changed={draft.changed} protocol={draft.saved} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Acts({
  view: { version },
  views,
  draft,
}: {
  readonly view: ProtocolView;
  readonly views: readonly ProtocolView[];
  readonly draft: ReturnType<typeof useDraft>;
}) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const session = useSession();
  const action = useAction();
  const [retiring, setRetiring] = useState(false);
  if (!session.can('protocol.write')) return null;
  const newest = Math.max(
    ...views.filter(({ version: one }) => one.id === version.id).map(({ version: one }) => one.version),
  );
  const save = async (): Promise<void> => {
    const body = draft.body();
    await session.programmes.saveDraft({
      id: version.id,
      version: version.version,
      name: draft.name(version.name),
      body,
    });
  };
  const next = async (): Promise<void> => {
    const number = newest + 1;
    await session.programmes.saveDraft({
      id: version.id,
      version: number,
      name: version.name,
      body: version.body,
    });
    await navigate({
      to: '/programmes/protocols/$protocol',
      params: { protocol: `${version.id}~${number}` },
    });
  };
  return (
    <Group gap="xs" className={style['acts'] ?? ''}>
      {version.state === 'draft' && (
        <Button
          disabled={!draft.changed || !draft.canSave}
          loading={action.busy}
          onClick={() => void action.run(save)}
        >
          <Trans>Save and check</Trans>
        </Button>
      )}
      {version.state !== 'draft' && (
        <Button variant="default" loading={action.busy} onClick={() => void action.run(next)}>
          <Trans>New version</Trans>
        </Button>
      )}
      {version.state !== 'retired' && (
        <Button variant="subtle" color="red" onClick={() => setRetiring(true)}>
          <Trans>Retire…</Trans>
        </Button>
      )}
      <FailureNotice sentence={action.failure} />
      {retiring && (
        <ConfirmDialog
          title={t`Retire this version?`}
          confirm={t`Retire`}
          danger
          onConfirm={() => session.programmes.retire(version.id, version.version)}
          onClose={() => setRetiring(false)}
        >
          <Trans>
            Nobody can be enrolled on it any more. Patients who are on it stay on it until somebody moves
            them.
          </Trans>
        </ConfirmDialog>
      )}
    </Group>
  );
}
