import type { Conversation, TimelineMessage } from '@baton/client';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useId, useMemo, useState } from 'react';
import { IconX } from '@tabler/icons-react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { SearchField } from '../../design/primitives/search-field.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { isoDateWords, tableTime } from '../../design/words/time-words.ts';
import style from './patient-panel.module.css';
import own from './unknown-panel.module.css';

const SHOWN = 8;

/** Texts that nobody's number explains, with the one thing to do: say whose they are. */
export function UnknownPanel({
  conversation,
  onClose,
}: {
  readonly conversation: Conversation;
  /** Where it lies over the conversation. */
  readonly onClose?: () => void;
}) {
  const { t } = useLingui();
  const titleId = useId();
  const { items } = useLive(conversation.timeline);
  const [matching, setMatching] = useState<TimelineMessage | null>(null);
  const frame = useTimeFrame();
  const open = items.filter(
    (item): item is TimelineMessage =>
      item.type === 'message' &&
      item.via !== null &&
      item.batons.some(({ status }) => status === 'open' || status === 'acknowledged'),
  );
  return (
    <section className={style['panel']} aria-labelledby={titleId}>
      <PaneHeader
        titleId={titleId}
        title={<Trans>Whose are these?</Trans>}
        after={
          onClose !== undefined && (
            <IconAction label={t`Close`} onClick={onClose}>
              <IconX size={18} stroke={1.8} />
            </IconAction>
          )
        }
      />
      <div className={style['body']}>
        <p className={style['quiet']}>
          <Trans>
            A number is no proof of who writes. Ask before you give a text to a patient: by a question that
            only they can answer, or by a call.
          </Trans>
        </p>
        {open.length === 0 && (
          <p>
            <Trans>Nothing is open here.</Trans>
          </p>
        )}
        <ul className={style['plain']}>
          {open.map((message) => (
            <li key={message.id}>
              <span className={style['line']}>
                <b>{message.via?.from}</b>
                <span className={style['quiet']}>{tableTime(message.at, frame)}</span>
              </span>
              <span className={own['text']}>{message.text}</span>
              <Button size="compact-sm" variant="light" onClick={() => setMatching(message)}>
                <Trans>Give to a patient…</Trans>
              </Button>
            </li>
          ))}
        </ul>
      </div>
      {matching !== null && <MatchDialog message={matching} onClose={() => setMatching(null)} />}
    </section>
  );
}

function MatchDialog({
  message,
  onClose,
}: {
  readonly message: TimelineMessage;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useLingui();
  const { care, patients } = useSession();
  const action = useAction();
  const [query, setQuery] = useState(message.via?.person ?? '');
  const found = useMemo(
    () => (query.trim() === '' ? [] : patients.search(query).slice(0, SHOWN)),
    [patients, query],
  );
  const give = (ref: string): void =>
    void action.run(() => care.match(message.id, ref)).then((done) => done && onClose());
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t`Whose text is it?`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <Stack gap="md">
        <blockquote className={own['text']}>{message.text}</blockquote>
        <SearchField
          label={t`Name, birth date, record number, phone`}
          clearLabel={t`Clear search`}
          value={query}
          focusFirst
          onChange={setQuery}
        />
        <ul className={style['plain']}>
          {found.map(({ ref, name, birthDate }) => (
            <li key={ref} className={style['line']}>
              <span>
                {name}{' '}
                <span className={style['quiet']}>
                  {birthDate === null ? '' : isoDateWords(birthDate, i18n.locale)}
                </span>
              </span>
              <Button size="compact-sm" loading={action.busy} onClick={() => give(ref)}>
                <Trans>It is theirs</Trans>
              </Button>
            </li>
          ))}
        </ul>
        <p className={style['quiet']}>
          <Trans>
            The text is written into their conversation with your name beside it, and is answered there.
          </Trans>
        </p>
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
