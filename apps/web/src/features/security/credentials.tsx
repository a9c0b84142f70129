import type { WrapBody } from '@baton/wire';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconFingerprint, IconKey, IconListNumbers } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { Notice } from '../../design/primitives/notice.tsx';
import { Section } from '../../design/primitives/pane.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { listTime } from '../../design/words/time-words.ts';
import { AddPasskey, AddPassphrase, AddRecoveryWords } from './add-credentials.tsx';
import style from './security.module.css';

export function Credentials() {
  const { t } = useLingui();
  const { security } = useSession();
  const credentials = useLive(security.credentials);
  const [removing, setRemoving] = useState<WrapBody | null>(null);
  const recovery = credentials.filter(({ kind }) => kind === 'recovery');
  const ways = credentials.filter(({ kind }) => kind === 'passkey' || kind === 'passphrase');
  const label = removing?.label ?? '';
  return (
    <>
      <Section title={t`Ways to sign in`}>
        <CredentialList credentials={ways} onRemove={ways.length > 1 ? setRemoving : null} />
        <div className={style['adds']}>
          <AddPasskey />
          <AddPassphrase />
        </div>
      </Section>
      <Section
        title={t`Recovery words`}
        text={<Trans>Twelve words that open your account when every device is lost.</Trans>}
      >
        {recovery.length === 0 && (
          <Notice tone="waiting">
            <Trans>
              You have none. Without them, only your administrator can let you in again, and your keys change.
            </Trans>
          </Notice>
        )}
        <CredentialList credentials={recovery} onRemove={setRemoving} />
        <div className={style['adds']}>
          <AddRecoveryWords again={recovery.length > 0} />
        </div>
      </Section>
      {removing !== null && (
        <ConfirmDialog
          danger
          title={t`Remove ${label}?`}
          confirm={t`Remove`}
          onConfirm={() => security.removeCredential(removing.credential)}
          onClose={() => setRemoving(null)}
        >
          <Trans>It can no longer be used to sign in. What you have on your devices stays.</Trans>
        </ConfirmDialog>
      )}
    </>
  );
}

const ICONS = { passkey: IconFingerprint, passphrase: IconKey, recovery: IconListNumbers } as const;

function CredentialList({
  credentials,
  onRemove,
}: {
  readonly credentials: readonly WrapBody[];
  readonly onRemove: ((credential: WrapBody) => void) | null;
}) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const names = { passkey: t`Passkey`, passphrase: t`Passphrase and code`, recovery: t`Recovery words` };
  return (
    <ul className={style['list']}>
      {credentials.map((credential) => {
        const kind =
          credential.kind === 'passkey' || credential.kind === 'recovery' ? credential.kind : 'passphrase';
        const Icon = ICONS[kind];
        const { label, lastUsedAt, createdAt } = credential;
        return (
          <li key={credential.credential} className={style['row']}>
            <Icon size={24} stroke={1.5} aria-hidden="true" />
            <span className={style['what']}>
              <b>{label}</b>
              <span>
                {names[kind]} ·{' '}
                {lastUsedAt === null ? (
                  <>
                    <Trans>made</Trans>{' '}
                    <ExactTime at={createdAt}>{listTime(createdAt, now, frame)}</ExactTime>
                  </>
                ) : (
                  <>
                    <Trans>used</Trans>{' '}
                    <ExactTime at={lastUsedAt}>{listTime(lastUsedAt, now, frame)}</ExactTime>
                  </>
                )}
              </span>
            </span>
            {onRemove !== null && (
              <Button
                variant="subtle"
                color="red"
                size="compact-md"
                aria-label={t`Remove ${label}`}
                onClick={() => onRemove(credential)}
              >
                <Trans>Remove</Trans>
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
