import type { Baton } from '@baton/client';
import type { BatonId } from '@baton/kernel';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconListCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { BatonHistory } from '../../design/batons/baton-history.tsx';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { useLayout } from '../../design/primitives/layout.ts';
import { ListDetail } from '../../design/primitives/list-detail.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { BatonDetail } from './baton-detail.tsx';
import style from './baton-detail.module.css';
import { BatonList } from './baton-list.tsx';
import { inOrder } from './sort-batons.ts';
import { useBatonParts } from './use-baton-parts.ts';

export interface BatonsScreenProps {
  readonly selected: BatonId | null;
  readonly tools?: ReactNode;
}

/** The staff home. On a wide screen the most pressing one is open at once. */
export function BatonsScreen({ selected, tools }: BatonsScreenProps) {
  const { t } = useLingui();
  const layout = useLayout();
  const { batons } = useSession();
  useLive(batons.changes);
  const parts = useBatonParts();
  usePageTitle(t`My batons`);
  const first = layout === 'wide' ? (inOrder(parts)[0]?.id ?? null) : null;
  const shown = selected ?? first;
  const baton = shown === null ? null : batons.get(shown);
  const detail =
    shown === null ? null : baton === null ? <Gone /> : <BatonColumns key={baton.id} baton={baton} />;
  return (
    <ListDetail
      list={<BatonList selected={shown} tools={tools} />}
      detail={detail}
      nothing={
        <EmptyState icon={<IconListCheck size={28} stroke={1.5} />} title={t`Nothing is asked of you`}>
          <Trans>
            Ask for something with a message: choose Reply, Call me or STAT beside the text field.
          </Trans>
        </EmptyState>
      }
    />
  );
}

function BatonColumns({ baton }: { readonly baton: Baton }) {
  const layout = useLayout();
  if (layout === 'wide') {
    return (
      <div className={style['columns']}>
        <BatonDetail baton={baton} withBack={false} />
        <aside className={style['context']} aria-labelledby="baton-history">
          <PaneHeader titleId="baton-history" title={<Trans>History and ladder</Trans>} />
          <div className={style['history']}>
            <BatonHistory baton={baton} />
          </div>
        </aside>
      </div>
    );
  }
  return (
    <div className={style['stacked']}>
      <BatonDetail baton={baton} withBack />
      <section className={style['history']} aria-labelledby="baton-history">
        <h2 id="baton-history" className={style['history-title']}>
          <Trans>History and ladder</Trans>
        </h2>
        <BatonHistory baton={baton} />
      </section>
    </div>
  );
}

function Gone() {
  const { t } = useLingui();
  return (
    <EmptyState
      title={t`There is nothing here that you can see`}
      action={
        <Button component={Link} to="/" variant="light">
          <Trans>Go to my batons</Trans>
        </Button>
      }
    >
      <Trans>It may be over for longer than a day, or it is somebody else's.</Trans>
    </EmptyState>
  );
}
