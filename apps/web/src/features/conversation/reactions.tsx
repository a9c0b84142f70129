import type { Conversation, TimelineMessage } from '@baton/client';
import type { Reaction } from '@baton/wire';
import { Tooltip } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import {
  IconCheck,
  IconCircleCheck,
  IconEye,
  IconHeart,
  IconThumbDown,
  IconThumbUp,
} from '@tabler/icons-react';
import { REACTION_NAMES } from '../../design/words/reaction-words.ts';
import style from './reactions.module.css';

export const REACTION_ICONS = {
  'got-it': IconCircleCheck,
  thanks: IconHeart,
  yes: IconThumbUp,
  no: IconThumbDown,
  looking: IconEye,
  done: IconCheck,
} as const satisfies Record<Reaction, unknown>;

/** Silent answers: they never notify anybody. */
export function Reactions({
  message,
  conversation,
}: {
  readonly message: TimelineMessage;
  readonly conversation: Conversation;
}) {
  const { t, i18n } = useLingui();
  if (message.reactions.length === 0) return null;
  return (
    <ul className={style['list']} aria-label={t`Reactions`}>
      {message.reactions.map(({ reaction, people, mine }) => {
        const Icon = REACTION_ICONS[reaction];
        const names = new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(people);
        const word = i18n._(REACTION_NAMES[reaction]);
        return (
          <li key={reaction}>
            <Tooltip label={names} position="top">
              <button
                type="button"
                className={style['chip']}
                aria-pressed={mine}
                aria-label={people.length > 1 ? t`${word} ${people.length}: ${names}` : t`${word}: ${names}`}
                onClick={() => {
                  // A reaction that cannot go now stays in the outbox like any message; there is nothing to tell.
                  conversation.react(message.id, reaction, !mine).catch(() => undefined);
                }}
              >
                <Icon size={14} stroke={1.9} aria-hidden="true" />
                {word} {people.length > 1 && <span className="tabular">{people.length}</span>}
              </button>
            </Tooltip>
          </li>
        );
      })}
    </ul>
  );
}
