import type { Conversation, TimelineMessage } from '@baton/client';
import { Button, Popover } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconAlertCircle,
  IconCheck,
  IconChecks,
  IconCircleCheck,
  IconClock,
  IconEye,
} from '@tabler/icons-react';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { Face } from '../../design/primitives/face.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { failureSentence } from '../../design/words/error-sentences.ts';
import { listTime } from '../../design/words/time-words.ts';
import style from './message-state.module.css';
import { type ReceiptSummary, sortReceipts, summariseReceipts } from './receipt-summary.ts';
import { UploadBar } from './upload-bar.tsx';

const ICONS = {
  waiting: IconClock,
  failed: IconAlertCircle,
  sent: IconCheck,
  delivered: IconChecks,
  opened: IconEye,
  acknowledged: IconCircleCheck,
} as const;

/** How far my message has come; a press shows it by name. */
export function MessageState({
  message,
  conversation,
  inWords,
}: {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
  /** Otherwise only the mark, in the margin. */
  readonly inWords: boolean;
}) {
  const summary = summariseReceipts(message);
  const Icon = ICONS[summary.state];
  if (summary.state === 'failed') return <Failed message={message} conversation={conversation} />;
  if (summary.state === 'waiting') return <Waiting message={message} conversation={conversation} />;
  return (
    <Popover position="bottom-start" withinPortal trapFocus={false} returnFocus width={280}>
      <Popover.Target>
        <button
          type="button"
          className={style['state']}
          data-state={summary.state}
          data-margin={!inWords || undefined}
        >
          <Icon size={14} stroke={2} aria-hidden="true" />
          <span className={inWords ? undefined : 'sr-only'}>
            <StateWords summary={summary} />
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={style['panel']}>
        <Receipts message={message} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Waiting({ message, conversation }: Parameters<typeof Failed>[0]) {
  const progress = useLive(conversation.uploads).get(message.id);
  if (progress !== undefined)
    return <UploadBar id={message.id} progress={progress} conversation={conversation} />;
  return (
    <span className={style['state']} data-state="waiting">
      <IconClock size={14} stroke={2} aria-hidden="true" />
      <WaitingWords />
    </span>
  );
}

/** Held for a moment so that it can be taken back, or waiting for the connection. */
function WaitingWords() {
  const { state } = useLive(useSession().connection);
  return state === 'online' ? <Trans>Goes out in a moment</Trans> : <Trans>Waiting to be sent</Trans>;
}

function StateWords({ summary }: { readonly summary: ReceiptSummary }) {
  const { t } = useLingui();
  if (!('count' in summary)) return summary.state === 'sent' ? t`Sent` : null;
  const { count, of } = summary;
  const single = of === 1;
  switch (summary.state) {
    case 'delivered':
      return single ? t`Delivered` : t`Delivered to ${count} of ${of}`;
    case 'opened':
      return single ? t`Opened` : t`Opened by ${count} of ${of}`;
    case 'acknowledged':
      return single ? t`Acknowledged` : t`Acknowledged by ${count} of ${of}`;
  }
}

function Receipts({ message }: { readonly message: TimelineMessage }) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const words = {
    sent: t`Not delivered yet`,
    delivered: t`Delivered`,
    opened: t`Opened`,
    acknowledged: t`Acknowledged`,
  };
  if (message.receipts.length === 0) {
    return (
      <p>
        <Trans>The server has it. Nobody else has received it yet.</Trans>
      </p>
    );
  }
  return (
    <ul className={style['receipts']}>
      {sortReceipts(message.receipts).map((receipt) => {
        const Icon = ICONS[receipt.state];
        return (
          <li key={receipt.person.id}>
            <Face member={receipt.person} size="small" />
            <span className={style['name']}>{receipt.person.name}</span>
            <span className={style['what']} data-state={receipt.state}>
              <Icon size={14} stroke={2} aria-hidden="true" /> {words[receipt.state]}
              {receipt.at !== null && receipt.state !== 'sent' && (
                <>
                  {' '}
                  <ExactTime at={receipt.at}>{listTime(receipt.at, now, frame)}</ExactTime>
                </>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Failed({
  message,
  conversation,
}: {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
}) {
  const { i18n } = useLingui();
  const retry = useAction();
  return (
    <div className={style['failed']}>
      <IconAlertCircle size={16} stroke={2} aria-hidden="true" />
      <span>
        <b>
          <Trans>Not sent.</Trans>
        </b>{' '}
        {retry.failure ?? failureSentence(message.failure, i18n)}
      </span>
      {message.failure?.canRetry !== false && (
        <Button
          size="compact-sm"
          variant="light"
          color="red"
          loading={retry.busy}
          onClick={() => void retry.run(() => conversation.retry(message.id))}
        >
          <Trans>Send again</Trans>
        </Button>
      )}
    </div>
  );
}
