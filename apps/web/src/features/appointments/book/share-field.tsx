import { Checkbox } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';

/** Whether a visit of a patient of the age of privacy may be known to those who read for them. */
export function ShareField({
  shareable,
  busy = false,
  onChange,
}: {
  readonly shareable: boolean;
  readonly busy?: boolean;
  readonly onChange: (shareable: boolean) => void;
}) {
  const { t } = useLingui();
  return (
    <Checkbox
      label={t`Parents and others who read for this patient may know of this visit`}
      description={
        shareable
          ? t`Reminders go as to everybody: by text, and where others read.`
          : t`At this age reminders go only into the patient’s private conversation, without texts. Without one, nobody is reminded.`
      }
      checked={shareable}
      disabled={busy}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
