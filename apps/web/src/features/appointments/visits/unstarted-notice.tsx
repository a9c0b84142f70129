import type { Visit } from '@baton/client';
import { Button } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useMemo, useState } from 'react';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { unstartedRefs } from './unstarted.ts';
import style from './visits.module.css';

/** Says whose visits nobody can be reminded of because they have no conversation yet, and starts them. Nothing is sent by that. */
export function UnstartedNotice({ visits }: { readonly visits: readonly Visit[] }) {
  const { t } = useLingui();
  const { appointments, care } = useSession();
  const settings = useLive(appointments.settings);
  const threads = useLive(care.threads);
  const now = useNow(60_000);
  const action = useAction();
  const [done, setDone] = useState<number | null>(null);
  const refs = useMemo(
    () => unstartedRefs(visits, new Set(threads.map(({ ref }) => ref)), now),
    [visits, threads, now],
  );
  if (settings?.on !== true || refs.length === 0) return null;
  const all = refs.length;
  const start = (): void =>
    void action.run(async () => {
      for (const [index, ref] of refs.entries()) {
        setDone(index);
        await care.start(ref);
      }
      setDone(null);
    });
  return (
    <div className={style['notice']}>
      <Notice
        tone="waiting"
        role="status"
        action={
          <Button size="sm" variant="default" loading={action.busy} onClick={start}>
            <Trans>Start their conversations</Trans>
          </Button>
        }
      >
        {done !== null && action.busy
          ? t`${done} of ${all} started`
          : plural(all, {
              one: '# patient with a visit to come cannot be reminded: there is no conversation with them yet.',
              other:
                '# patients with a visit to come cannot be reminded: there is no conversation with them yet.',
            })}
      </Notice>
      <FailureNotice sentence={action.failure} />
    </div>
  );
}
