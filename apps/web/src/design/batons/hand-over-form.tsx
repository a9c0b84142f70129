import type { Baton, Owner } from '@baton/client';
import { Button, Textarea } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useSession } from '../session/session-context.tsx';
import style from './hand-over-form.module.css';
import { useHeldActs } from './held-acts.tsx';
import { OwnerPicker } from './owner-picker.tsx';

export const MAX_NOTE_LENGTH = 1000;

/** Gives one baton to somebody else, with a note. It stays mine until it is accepted. */
export function HandOverForm({ baton, onDone }: { readonly baton: Baton; readonly onDone: () => void }) {
  const { t } = useLingui();
  const { batons } = useSession();
  const { hold } = useHeldActs();
  const [to, setTo] = useState<Owner | null>(null);
  const [note, setNote] = useState('');
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape is a short cut; the form has a cancel button
    <form
      className={style['form']}
      aria-label={t`Hand over`}
      onSubmit={(event) => {
        event.preventDefault();
        if (to === null) return;
        const { id, name } = to;
        const words = note.trim();
        hold({
          baton: baton.id,
          sentence: t`Offered to ${name}. It is yours until they accept.`,
          run: () => batons.handOver(baton.id, id, words === '' ? null : words),
        });
        onDone();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        onDone();
      }}
    >
      <OwnerPicker
        label={t`Hand over to`}
        chosen={to}
        without={[baton.owner.id]}
        focusFirst
        onChange={setTo}
      />
      <Textarea
        size="sm"
        rows={2}
        maxLength={MAX_NOTE_LENGTH}
        label={t`What they should know (optional)`}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={style['buttons']}>
        <Button size="sm" variant="default" onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
        <Button size="sm" type="submit" disabled={to === null}>
          <Trans>Hand over</Trans>
        </Button>
      </div>
    </form>
  );
}
