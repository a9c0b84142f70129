import { Button, Stack } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { CopyField } from '../../design/primitives/copy-field.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { tableTime } from '../../design/words/time-words.ts';

export interface MadeLink {
  readonly link: string;
  readonly notAfter: number;
}

/** An invitation link: shown once, since the server never has its secret. */
export function LinkOnce({ made, onDone }: { readonly made: MadeLink; readonly onDone: () => void }) {
  const { t } = useLingui();
  const frame = useTimeFrame();
  const until = tableTime(made.notAfter, frame);
  return (
    <Stack gap="md">
      <p>
        <Trans>
          Hand this link over in person or by a way that only this colleague reads. Whoever opens it first
          gets the account. It is shown only now, and it works once, until {until}.
        </Trans>
      </p>
      <CopyField label={t`Invitation link`} value={made.link} />
      <Button onClick={onDone}>
        <Trans>I have handed it over</Trans>
      </Button>
    </Stack>
  );
}
