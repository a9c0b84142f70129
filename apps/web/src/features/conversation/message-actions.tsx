import type { Conversation, TimelineMessage } from '@baton/client';
import { REACTIONS } from '@baton/wire';
import { Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconArrowBackUp,
  IconCircleCheck,
  IconCopy,
  IconDots,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { REACTION_NAMES } from '../../design/words/reaction-words.ts';
import style from './message-actions.module.css';
import { REACTION_ICONS } from './reactions.tsx';
import { WithdrawDialog } from './withdraw-dialog.tsx';

export interface MessageActionsProps {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
  /** The pointer or the focus has been here: the quick actions are worth their cost. */
  readonly near: boolean;
  readonly onReply: (message: TimelineMessage) => void;
  readonly onEdit: () => void;
}

/** What can be done with a message. On a phone only the menu, always in sight. */
export function MessageActions({ message, conversation, near, onReply, onEdit }: MessageActionsProps) {
  const { t } = useLingui();
  const [withdrawing, setWithdrawing] = useState(false);
  const [open, setOpen] = useState(false);
  const gotIt = message.reactions.some(({ reaction, mine }) => reaction === 'got-it' && mine);
  const author = message.author.name;
  const react = (reaction: (typeof REACTIONS)[number], on: boolean): void => {
    conversation.react(message.id, reaction, on).catch(() => undefined);
  };
  const more = t`Actions for the message by ${author}`;
  if (!near && !open) {
    return (
      <div className={style['bar']} data-mine={message.mine || undefined}>
        <button
          type="button"
          className={style['more']}
          tabIndex={-1}
          aria-label={more}
          onClick={() => setOpen(true)}
        >
          <IconDots size={18} stroke={1.8} aria-hidden="true" />
        </button>
      </div>
    );
  }
  return (
    <div className={style['bar']} data-mine={message.mine || undefined} data-open={open || undefined}>
      <span className={style['quick']}>
        {!message.mine && (
          <IconAction
            size="small"
            side="top"
            label={t`Got it`}
            keys="A"
            tone={gotIt ? 'brand' : 'quiet'}
            aria-pressed={gotIt}
            onClick={() => react('got-it', !gotIt)}
          >
            <IconCircleCheck size={18} stroke={gotIt ? 2.4 : 1.8} />
          </IconAction>
        )}
        <IconAction size="small" side="top" label={t`Reply`} keys="R" onClick={() => onReply(message)}>
          <IconArrowBackUp size={18} stroke={1.8} />
        </IconAction>
      </span>
      <Menu opened={open} onChange={setOpen} position="bottom-end" withinPortal>
        <Menu.Target>
          <button type="button" className={style['more']} aria-label={more}>
            <IconDots size={18} stroke={1.8} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Trans>React silently</Trans>
          </Menu.Label>
          {REACTIONS.map((reaction) => (
            <ReactionItem key={reaction} message={message} reaction={reaction} onReact={react} />
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconArrowBackUp size={16} />} onClick={() => onReply(message)}>
            <Trans>Reply</Trans>
          </Menu.Item>
          {message.text !== '' && (
            <Menu.Item
              leftSection={<IconCopy size={16} />}
              onClick={() => {
                navigator.clipboard.writeText(message.text).catch(() => undefined);
              }}
            >
              <Trans>Copy text</Trans>
            </Menu.Item>
          )}
          {message.mine && (
            <>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
                <Trans>Edit</Trans>
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} />}
                onClick={() => setWithdrawing(true)}
              >
                <Trans>Withdraw…</Trans>
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {withdrawing && (
        <WithdrawDialog message={message} conversation={conversation} onClose={() => setWithdrawing(false)} />
      )}
    </div>
  );
}

function ReactionItem({
  message,
  reaction,
  onReact,
}: {
  readonly message: TimelineMessage;
  readonly reaction: (typeof REACTIONS)[number];
  readonly onReact: (reaction: (typeof REACTIONS)[number], on: boolean) => void;
}) {
  const { t, i18n } = useLingui();
  const Icon = REACTION_ICONS[reaction];
  const mine = message.reactions.some((given) => given.reaction === reaction && given.mine);
  const word = i18n._(REACTION_NAMES[reaction]);
  return (
    <Menu.Item leftSection={<Icon size={16} />} onClick={() => onReact(reaction, !mine)}>
      {mine ? t`Take back “${word}”` : word}
    </Menu.Item>
  );
}
