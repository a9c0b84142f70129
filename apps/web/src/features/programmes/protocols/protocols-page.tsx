import type { ProtocolView } from '@baton/client';
import { Button } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { Page } from '../../../design/primitives/pane.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import style from '../programmes.module.css';
import { documentOf } from '../use-documents.ts';
import { NewProtocolDialog } from './new-protocol-dialog.tsx';
import { SignedMark } from './signed-mark.tsx';

/** Protocols by name, newest version first: which may run, who signed, where they come from. */
export function ProtocolsPage() {
  const { t } = useLingui();
  const session = useSession();
  const protocols = useLive(session.programmes.protocols);
  const [making, setMaking] = useState(false);
  const mayWrite = session.can('protocol.write');
  return (
    <Page
      wide
      title={t`Check-in protocols`}
      summary={
        <Trans>
          What patients are asked and told, by whom it was signed, and where each line comes from. One that
          its author and a clinician have not signed runs nowhere.
        </Trans>
      }
      actions={
        mayWrite && (
          <Button
            leftSection={<IconPlus size={17} stroke={1.8} aria-hidden="true" />}
            onClick={() => setMaking(true)}
          >
            <Trans>New protocol</Trans>
          </Button>
        )
      }
    >
      {protocols.length === 0 ? (
        <EmptyState title={t`No protocols yet`}>
          <Trans>
            Begin with one of the examples. They carry their sources and wait for your signatures.
          </Trans>
        </EmptyState>
      ) : (
        <ul className={style['protocols']}>
          {protocols.map((view) => (
            <Item key={`${view.version.id}:${view.version.version}`} view={view} />
          ))}
        </ul>
      )}
      {making && <NewProtocolDialog onClose={() => setMaking(false)} />}
    </Page>
  );
}

function Item({ view }: { readonly view: ProtocolView }) {
  const { t } = useLingui();
  const { version, patients } = view;
  const document = documentOf(version.body);
  const sources = document
    ? [...new Set(Object.values(document.sources).map(({ publisher }) => publisher))].filter(
        (name) => name !== '',
      )
    : [];
  const shown = sources.slice(0, SOURCES).join(' · ');
  const more = sources.length - SOURCES;
  return (
    <li>
      <Link
        to="/programmes/protocols/$protocol"
        params={{ protocol: `${version.id}~${version.version}` }}
        className={style['protocol']}
      >
        <span className={style['protocol-name']}>
          <b>{version.name}</b>
          <span className={style['quiet']}>{t`version ${version.version}`}</span>
        </span>
        <SignedMark view={view} />
        <span className={style['quiet']}>
          {t`${plural(patients, { one: '# patient', other: '# patients' })}`}
        </span>
        <span className={style['sources']}>
          {sources.length > 0 && (
            <>
              <Trans>Sources: {shown}</Trans>
              {more > 0 && ` +${more}`}
            </>
          )}
        </span>
      </Link>
    </li>
  );
}

const SOURCES = 4;
