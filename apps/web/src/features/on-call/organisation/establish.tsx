import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import style from './organisation.module.css';

/** As long as no duty supervisor is named, nothing can be asked of anybody: says so, and offers the start. */
export function Establish() {
  const session = useSession();
  const policy = useLive(session.duty.policy);
  const action = useAction();
  if (policy !== null) return null;
  const mayStart = session.can('duty.policy');
  return (
    <div className={style['establish']}>
      <Notice
        tone="waiting"
        action={
          mayStart && (
            <Button
              size="sm"
              loading={action.busy}
              onClick={() => void action.run(() => session.duty.establish())}
            >
              <Trans>Set it up</Trans>
            </Button>
          )
        }
      >
        {mayStart ? (
          <Trans>
            No duty supervisor is named yet, so messages cannot ask for an answer. Setting it up makes the
            role Duty supervisor, held by you, three ladders to start from, and the rules.
          </Trans>
        ) : (
          <Trans>
            No duty supervisor is named yet, so messages cannot ask for an answer. An administrator sets it
            up.
          </Trans>
        )}
      </Notice>
      <FailureNotice sentence={action.failure} />
    </div>
  );
}
