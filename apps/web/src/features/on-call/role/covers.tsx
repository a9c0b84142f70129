import type { DutyRow } from '@baton/client';
import type { Cover } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../../design/primitives/confirm-dialog.tsx';
import { MemberLine } from '../../../design/primitives/member-line.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { dueTime } from '../../../design/words/span-words.ts';
import { GiveDialog } from './role-acts.tsx';
import style from './role.module.css';

/** Exceptions from the schedule: taken on the spot, swapped, called in. */
export function Covers({ row }: { readonly row: DutyRow }) {
  const [adding, setAdding] = useState(false);
  const covers = row.covers.toSorted((a, b) => a.from - b.from);
  return (
    <section className={style['section']}>
      <div className={style['section-head']}>
        <h3>
          <Trans>Cover</Trans>
        </h3>
        {row.can.give && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={16} stroke={1.8} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            <Trans>Add cover</Trans>
          </Button>
        )}
      </div>
      {covers.length === 0 ? (
        <p className={style['quiet']}>
          <Trans>None. The schedule holds as it is.</Trans>
        </p>
      ) : (
        <ul className={style['people']}>
          {covers.map((cover) => (
            <CoverLine key={cover.cover} cover={cover} canEnd={row.can.give} />
          ))}
        </ul>
      )}
      {adding && <GiveDialog row={row} onClose={() => setAdding(false)} />}
    </section>
  );
}

function CoverLine({ cover, canEnd }: { readonly cover: Cover; readonly canEnd: boolean }) {
  const { t } = useLingui();
  const { duty, directory } = useSession();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  const [ending, setEnding] = useState(false);
  const person = directory.member(cover.account);
  if (person === null) return null;
  const { name } = person;
  const other = cover.instead === null ? null : (directory.member(cover.instead)?.name ?? null);
  const from = dueTime(cover.from, now, frame);
  const until = dueTime(cover.until, now, frame);
  const when = cover.from > now ? t`${from} to ${until}` : t`until ${until}`;
  return (
    <li className={style['cover']}>
      <MemberLine
        member={person}
        about={other === null ? t`${when} · as well` : t`${when} · in place of ${other}`}
        after={
          canEnd && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t`End the cover by ${name}`}
              onClick={() => setEnding(true)}
            >
              <Trans>End</Trans>
            </Button>
          )
        }
      />
      {ending && (
        <ConfirmDialog
          title={t`End the cover by ${name}?`}
          confirm={t`End the cover`}
          onConfirm={() => duty.endCover(cover.cover)}
          onClose={() => setEnding(false)}
        >
          <Trans>From then on the schedule holds again.</Trans>
        </ConfirmDialog>
      )}
    </li>
  );
}
