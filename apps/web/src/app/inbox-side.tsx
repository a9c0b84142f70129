import { SegmentedControl } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { PaneHeader } from '../design/primitives/pane.tsx';

export type InboxSide = 'patients' | 'staff';

/** Title of the inbox with the choice between patients' conversations and those among staff. */
export function InboxSideHeader({
  side,
  withTitle,
  onChange,
}: {
  readonly side: InboxSide;
  readonly withTitle: boolean;
  readonly onChange: (side: InboxSide) => void;
}) {
  const { t } = useLingui();
  return (
    <PaneHeader
      level={withTitle ? 1 : 2}
      titleId="inbox-title"
      title={<Trans>Inbox</Trans>}
      after={
        <SegmentedControl
          size="xs"
          aria-label={t`Whose conversations`}
          value={side}
          onChange={(value) => onChange(value === 'patients' ? 'patients' : 'staff')}
          data={[
            { value: 'patients', label: t`Patients` },
            { value: 'staff', label: t`Staff` },
          ]}
        />
      }
    />
  );
}
