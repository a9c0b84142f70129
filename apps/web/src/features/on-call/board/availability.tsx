import type { DutyRow, Member } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { IconCircleCheck, IconMoon } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { MemberPicker } from '../../../design/primitives/member-picker.tsx';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { dueTime } from '../../../design/words/span-words.ts';
import { UntilField } from '../fields/until-field.tsx';
import style from './board.module.css';

/** Whether I am on duty at all, and who stands in while I am not. */
export function MyAvailability() {
  const { t, i18n } = useLingui();
  const { duty, directory, me } = useSession();
  const myself = useLive(me).account;
  const mine = useLive(duty.me);
  const rows = useLive(duty.roles);
  const now = useNow(30_000);
  const frame = useTimeFrame();
  const action = useAction();
  const [leaving, setLeaving] = useState(false);
  const isOff = mine?.duty === 'off' && (mine.until === null || mine.until > now);
  const until = mine?.until === undefined || mine.until === null ? null : dueTime(mine.until, now, frame);
  const cover = mine?.cover === undefined || mine.cover === null ? null : directory.member(mine.cover);
  const isOnDuty = (row: DutyRow): boolean => row.onDuty.some(({ id }) => id === myself);
  const list = (chosen: readonly DutyRow[]): string =>
    new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(chosen.map(({ role }) => role.name));
  const names = list(rows.filter(isOnDuty));
  const others = list(rows.filter((row) => row.mine && !isOnDuty(row)));
  const standsIn = cover?.name ?? '';
  return (
    <section className={style['availability']} data-duty={isOff ? 'off' : 'on'} aria-label={t`My duty`}>
      <span>
        <b className={style['state']}>
          {isOff ? (
            <IconMoon size={18} stroke={1.8} aria-hidden="true" />
          ) : (
            <IconCircleCheck size={18} stroke={1.8} aria-hidden="true" />
          )}
          {isOff
            ? until === null
              ? t`You are off duty`
              : t`You are off duty until ${until}`
            : t`You are on duty`}
        </b>
        <span className={style['quiet']}>
          {isOff
            ? cover === null
              ? t`Nobody stands in for you. What reaches you goes up the ladder at once.`
              : t`${standsIn} stands in for you.`
            : names === ''
              ? t`You are on duty for no role now.`
              : t`On duty for ${names}.`}
          {others !== '' && ` ${t`You can also read ${others}, without being on duty there.`}`}
        </span>
      </span>
      {isOff ? (
        <Button
          size="sm"
          loading={action.busy}
          onClick={() =>
            void action.run(() => duty.setAvailability({ duty: 'on', cover: null, until: null }))
          }
        >
          <Trans>Go on duty</Trans>
        </Button>
      ) : (
        <Button size="sm" variant="default" onClick={() => setLeaving(true)}>
          <Trans>Go off duty…</Trans>
        </Button>
      )}
      <FailureNotice sentence={action.failure} />
      {leaving && <OffDutyDialog onClose={() => setLeaving(false)} />}
    </section>
  );
}

function OffDutyDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const { duty, directory, me } = useSession();
  const self = useLive(me).account;
  const [cover, setCover] = useState<readonly Member[]>([]);
  const [until, setUntil] = useState<number | null>(null);
  const action = useAction();
  const search = useCallback(
    (query: string) => directory.search(query).filter(({ kind, id }) => kind !== 'agent' && id !== self),
    [directory, self],
  );
  const leave = (): void => {
    const input = { duty: 'off' as const, cover: cover[0]?.id ?? null, until };
    void action.run(() => duty.setAvailability(input)).then((done) => done && onClose());
  };
  return (
    <Modal
      opened
      size="lg"
      title={t`Go off duty`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <Stack gap="md">
        <p>
          <Trans>
            What is meant for you reaches whoever stands in. Without somebody, it goes up the ladder at once.
          </Trans>
        </p>
        <MemberPicker
          focusFirst
          label={t`Who stands in for you`}
          chosen={cover}
          onChange={(chosen) => setCover(chosen.slice(-1))}
          search={search}
        />
        <UntilField label={t`Until`} value={until} onChange={setUntil} open={t`Until I change it`} />
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button loading={action.busy} onClick={leave}>
            <Trans>Go off duty</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
