import type { Conversation } from '@baton/client';
import type { RoleId } from '@baton/kernel';
import { MAX_TEXT_LENGTH } from '@baton/wire';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconSend2 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Octagon } from '../../design/batons/contract-mark.tsx';
import { AttachButtons } from './attach-buttons.tsx';
import style from './composer.module.css';
import { ContractPicker } from './contract-picker.tsx';
import { TemplateMenu } from './template-menu.tsx';
import { UndoSend } from './undo-send.tsx';
import type { Composer } from './use-composer.ts';

/** Nearer to the limit than this, the length is shown. */
const NEAR_LIMIT = 500;

export function ComposerTools({
  composer,
  conversation,
  tools,
}: {
  readonly composer: Composer;
  readonly conversation: Conversation;
  /** What there is for a message to a patient: templates of the practice. */
  readonly tools: ReactNode;
}) {
  const { t } = useLingui();
  const { myRoles, length } = composer;
  const asRole = (name: string): string => t`As ${name}`;
  const isStat = composer.asking.contract === 'stat';
  return (
    <div className={style['tools']}>
      <AttachButtons composer={composer} />
      {composer.asking.toPatient ? (
        tools
      ) : (
        <>
          <TemplateMenu composer={composer} />
          <ContractPicker asking={composer.asking} />
        </>
      )}
      {myRoles.length > 0 && (
        <label className={style['as']}>
          <span className="sr-only">
            <Trans>Write as</Trans>
          </span>
          <select
            value={composer.as ?? ''}
            onChange={(event) => {
              const { value } = event.currentTarget;
              composer.setAs(value === '' ? null : (value as RoleId));
            }}
          >
            <option value="">{t`As myself`}</option>
            {myRoles.map((role) => (
              <option key={role.id} value={role.id}>
                {asRole(role.name)}
              </option>
            ))}
          </select>
        </label>
      )}
      {length > MAX_TEXT_LENGTH - NEAR_LIMIT && (
        <span className={style['count']} data-over={length > MAX_TEXT_LENGTH || undefined}>
          {length} / {MAX_TEXT_LENGTH}
        </span>
      )}
      <span className={style['end']}>
        {composer.sent !== null && (
          <UndoSend
            key={composer.sent.id}
            conversation={conversation}
            sent={composer.sent}
            onGone={composer.forgetSent}
            onRestore={composer.restore}
          />
        )}
        <Button
          className={style['send']}
          size="sm"
          color={isStat ? 'red' : 'brand'}
          disabled={!composer.canSend}
          loading={composer.action.busy || composer.files.busy}
          rightSection={
            isStat ? <Octagon size={18} /> : <IconSend2 size={18} stroke={1.8} aria-hidden="true" />
          }
          onClick={composer.send}
        >
          {isStat ? <Trans>Send STAT</Trans> : <Trans>Send</Trans>}
        </Button>
      </span>
    </div>
  );
}
