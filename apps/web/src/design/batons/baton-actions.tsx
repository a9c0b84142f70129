import type { Baton } from '@baton/client';
import type { CloseReason } from '@baton/wire';
import { Button, Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconArrowBackUp,
  IconArrowsExchange,
  IconCheck,
  IconCircleX,
  IconHandStop,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { FailureNotice } from '../primitives/notice.tsx';
import { useSession } from '../session/session-context.tsx';
import { useAction } from '../session/use-action.ts';
import { useLive } from '../session/use-live.ts';
import style from './baton-actions.module.css';
import { CHOOSABLE_REASONS, CLOSE_REASON_NAMES } from './baton-words.ts';
import { HandOverForm } from './hand-over-form.tsx';
import { useHeldActs } from './held-acts.tsx';

export interface BatonActionsProps {
  readonly baton: Baton;
  /** Brings the person to where the answer is written. */
  readonly onAnswer: () => void;
  /** A critical result: acknowledging says that it was read back. */
  readonly readBack?: boolean;
  /** The primary act is somewhere else: nothing here is filled. */
  readonly quiet?: boolean;
  /** Fewer words where there is little room. */
  readonly compact?: boolean;
}

/** What may be done with a baton now. One primary act; the rest stands back. Keys: A, R, H, E (data-act is what they press). */
export function BatonActions({
  baton,
  onAnswer,
  readBack = false,
  quiet = false,
  compact = false,
}: BatonActionsProps) {
  const { t } = useLingui();
  const { batons, me } = useSession();
  const myself = useLive(me).account;
  const { held } = useHeldActs();
  const action = useAction();
  const [handingOver, setHandingOver] = useState(false);
  const { can, id } = baton;
  if (held.has(id)) return null;
  if (handingOver) return <HandOverForm baton={baton} onDone={() => setHandingOver(false)} />;
  const run = (work: () => Promise<void>) => () => void action.run(work);
  const busy = action.busy || baton.pending;
  const size = compact ? 'compact-sm' : 'sm';
  const toMe = baton.offer?.toMe === true;
  // Acknowledging takes it on already where it is mine, or my role's, to see to.
  const isWithMe = baton.owner.id === myself || baton.holders.some(({ id: holder }) => holder === myself);
  return (
    <div className={style['actions']} data-compact={compact || undefined}>
      {toMe && can.accept && (
        <>
          <Act act="accept" size={size} primary busy={busy} onClick={run(() => batons.accept(id))}>
            <Trans>Accept</Trans>
          </Act>
          <Act act="decline" size={size} busy={busy} onClick={run(() => batons.decline(id))}>
            <Trans>Decline</Trans>
          </Act>
        </>
      )}
      {can.acknowledge && (
        <Act
          act="acknowledge"
          size={size}
          primary={!toMe && !quiet}
          busy={busy}
          tip={t`Acknowledge (A)`}
          icon={<IconCheck size={16} stroke={2.2} aria-hidden="true" />}
          onClick={run(() => batons.acknowledge(id, { readBack }))}
        >
          {readBack ? <Trans>Read back and acknowledge</Trans> : <Trans>Acknowledge</Trans>}
        </Act>
      )}
      {can.take && !can.acknowledge && (
        <Act
          act="take"
          size={size}
          primary={!toMe && !quiet}
          busy={busy}
          icon={<IconHandStop size={16} stroke={2} aria-hidden="true" />}
          onClick={run(() => batons.take(id))}
        >
          <Trans>Take over</Trans>
        </Act>
      )}
      {can.answer && (
        <Act
          act="answer"
          size={size}
          primary={!toMe && !quiet && !can.acknowledge}
          busy={busy}
          tip={t`Answer (R)`}
          icon={<IconArrowBackUp size={16} stroke={2} aria-hidden="true" />}
          onClick={onAnswer}
        >
          <Trans>Answer</Trans>
        </Act>
      )}
      {can.take && can.acknowledge && !isWithMe && (
        <Act act="take" size={size} busy={busy} onClick={run(() => batons.take(id))}>
          <Trans>Take over</Trans>
        </Act>
      )}
      {can.handOver && (
        <Act
          act="hand-over"
          size={size}
          busy={busy}
          tip={t`Hand over (H)`}
          icon={<IconArrowsExchange size={16} stroke={2} aria-hidden="true" />}
          onClick={() => setHandingOver(true)}
        >
          <Trans>Hand over</Trans>
        </Act>
      )}
      {can.close && <CloseMenu baton={baton} size={size} busy={busy} />}
      <FailureNotice sentence={action.failure} />
    </div>
  );
}

function Act({
  act,
  size,
  primary = false,
  busy,
  tip,
  icon,
  onClick,
  children,
}: {
  readonly act: string;
  readonly size: 'sm' | 'compact-sm';
  readonly primary?: boolean;
  readonly busy: boolean;
  readonly tip?: string;
  readonly icon?: ReactNode;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Button
      data-act={act}
      size={size}
      variant={primary ? 'filled' : 'default'}
      disabled={busy}
      title={tip ?? ''}
      // Where there is little room, only the act that stands out keeps its sign.
      leftSection={primary || size === 'sm' ? icon : undefined}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}

/** Closing names a reason; five seconds to take it back. */
function CloseMenu({
  baton,
  size,
  busy,
}: {
  readonly baton: Baton;
  readonly size: 'sm' | 'compact-sm';
  readonly busy: boolean;
}) {
  const { t, i18n } = useLingui();
  const { batons } = useSession();
  const { hold } = useHeldActs();
  const close = (reason: CloseReason): void => {
    const words = i18n._(CLOSE_REASON_NAMES[reason]);
    hold({ baton: baton.id, sentence: t`Closed: ${words}`, run: () => batons.close(baton.id, reason) });
  };
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button
          data-act="close"
          size={size}
          variant="default"
          disabled={busy}
          title={t`Close (E)`}
          leftSection={size === 'sm' ? <IconCircleX size={16} stroke={2} aria-hidden="true" /> : undefined}
        >
          <Trans>Close…</Trans>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Trans>Why it needs no answer</Trans>
        </Menu.Label>
        {CHOOSABLE_REASONS.map((reason) => (
          <Menu.Item key={reason} onClick={() => close(reason)}>
            {i18n._(CLOSE_REASON_NAMES[reason])}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Presses the button of an act inside this element; false where it is not offered. */
export function pressAct(within: ParentNode | null, act: string): boolean {
  const button = within?.querySelector<HTMLButtonElement>(`[data-act="${act}"]:not(:disabled)`) ?? null;
  if (button === null) return false;
  button.focus();
  button.click();
  return true;
}
