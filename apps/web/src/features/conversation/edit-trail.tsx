import type { TimelineMessage } from '@baton/client';
import { Popover } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { listTime } from '../../design/words/time-words.ts';
import style from './edit-trail.module.css';

/** "edited": a press shows every earlier version. */
export function EditTrail({ message }: { readonly message: TimelineMessage }) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  return (
    <>
      {' '}
      <Popover position="bottom-start" width={320} withinPortal>
        <Popover.Target>
          <button type="button" className={style['edited']}>
            <Trans>edited</Trans>
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <ol className={style['versions']} aria-label={t`Earlier versions`}>
            {message.edits.map((version) => (
              <li key={version.at}>
                <ExactTime at={version.at} className={style['when']}>
                  {listTime(version.at, now, frame)}
                </ExactTime>
                <span className={style['old']}>{version.text}</span>
              </li>
            ))}
          </ol>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

export function Withdrawn({ message }: { readonly message: TimelineMessage }) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const [shown, setShown] = useState(false);
  const { withdrawn } = message;
  if (withdrawn === null) return null;
  const by = withdrawn.by;
  return (
    <div className={style['withdrawn']}>
      <IconTrash size={15} stroke={1.8} aria-hidden="true" />
      <span>
        {t`${by} withdrew this message`} ·{' '}
        <ExactTime at={withdrawn.at}>{listTime(withdrawn.at, now, frame)}</ExactTime>.
        {withdrawn.reason !== null && (
          <>
            {' '}
            <Trans>Reason: {withdrawn.reason}.</Trans>
          </>
        )}{' '}
        {message.text !== '' && (
          <button
            type="button"
            className={style['edited']}
            aria-expanded={shown}
            onClick={() => setShown(!shown)}
          >
            {shown ? <Trans>Hide it</Trans> : <Trans>Show what it said</Trans>}
          </button>
        )}
        {shown && <span className={style['old']}>{message.text}</span>}
      </span>
    </div>
  );
}
