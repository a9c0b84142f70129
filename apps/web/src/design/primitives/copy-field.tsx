import { Button } from '@mantine/core';
import { Trans } from '@lingui/react/macro';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { after } from '../session/after.ts';
import { useAnnouncer } from '../session/live-region.tsx';
import { useLingui } from '@lingui/react/macro';
import style from './copy-field.module.css';

const DONE_MS = 2500;

/** A value that is shown once: to read, to select, to copy. */
export function CopyField({
  label,
  value,
  lines = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly lines?: boolean;
}) {
  const { t } = useLingui();
  const announcer = useAnnouncer();
  const [copied, setCopied] = useState(false);
  useEffect(() => (copied ? after(DONE_MS, () => setCopied(false)) : undefined), [copied]);
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => {
        setCopied(true);
        announcer.say(t`Copied`);
      },
      // The browser refuses: the text can still be selected.
      () => undefined,
    );
  };
  return (
    <div className={style['field']}>
      <p className={style['label']}>{label}</p>
      <div className={style['row']}>
        <code className={style['value']} data-lines={lines || undefined}>
          {value}
        </code>
        <Button
          variant="default"
          size="sm"
          aria-label={t`Copy: ${label}`}
          leftSection={
            copied ? <IconCheck size={16} aria-hidden="true" /> : <IconCopy size={16} aria-hidden="true" />
          }
          onClick={copy}
        >
          {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
        </Button>
      </div>
    </div>
  );
}
