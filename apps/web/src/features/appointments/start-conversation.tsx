import { Button } from '@mantine/core';
import { Trans } from '@lingui/react/macro';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';

/** For a patient with whom there is none yet. Nothing is sent by that. */
export function StartConversation({ patient }: { readonly patient: string }) {
  const { care } = useSession();
  const action = useAction();
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={action.busy}
        onClick={() => void action.run(() => care.start(patient).then(() => undefined))}
      >
        <Trans>Start the conversation</Trans>
      </Button>
      <FailureNotice sentence={action.failure} />
    </>
  );
}
