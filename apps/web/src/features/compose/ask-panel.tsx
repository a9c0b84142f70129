import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useId } from 'react';
import { CONTRACT_NAMES } from '../../design/batons/baton-words.ts';
import { Octagon } from '../../design/batons/contract-mark.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { dueTime, spanWords } from '../../design/words/span-words.ts';
import style from './ask-panel.module.css';
import { LadderNote } from './ladder-note.tsx';
import { OwnerChoice } from './owner-choice.tsx';
import { PatientField } from './patient-field.tsx';
import type { Asking } from './use-ask.ts';

/** Who owes what by when, above the text: it reads as a sentence. */
export function AskPanel({ asking }: { readonly asking: Asking }) {
  const { t, i18n } = useLingui();
  const { contract, defaults } = asking;
  const by = useDue(asking.withinMs);
  if (contract === 'fyi') return null;
  return (
    <div
      className={style['panel']}
      data-contract={contract}
      role="group"
      aria-label={i18n._(CONTRACT_NAMES[contract])}
    >
      {contract === 'stat' && <StatBand />}
      <div className={style['row']}>
        <span className={style['word']}>
          <Trans>Ask</Trans>
        </span>
        <OwnerChoice owners={defaults.owners} chosen={asking.owners} onChange={asking.setOwners} />
      </div>
      {contract === 'reply' ? (
        <WithinChoice asking={asking} />
      ) : (
        <div className={style['row']}>
          <span className={style['word']}>
            <Trans>Within</Trans>
          </span>
          <span className={style['fixed']}>
            <b>{spanWords(asking.withinMs, i18n.locale)}</b> {t`by ${by}`}
          </span>
          <label className={style['callback']}>
            <span>
              <Trans>Call back on</Trans>
            </span>
            <input
              type="tel"
              aria-label={t`Call back on`}
              autoComplete="tel"
              maxLength={60}
              placeholder={asking.needsCallback ? t`your number` : t`the unit's number`}
              required={asking.needsCallback}
              aria-invalid={asking.needsCallback}
              value={asking.callback}
              onChange={(event) => asking.setCallback(event.currentTarget.value)}
              onKeyDown={stayHere}
            />
          </label>
          {asking.needsCallback && (
            <span className={style['needed']}>
              <Trans>Say on which number you can be called. None is set for the unit or the practice.</Trans>
            </span>
          )}
        </div>
      )}
      <PatientField patient={asking.patient} onChange={asking.setPatient} />
      <LadderNote asking={asking} />
    </div>
  );
}

/** Enter in a small field must not send. */
function stayHere(event: KeyboardEvent): void {
  if (event.key === 'Enter') event.preventDefault();
}

function useDue(withinMs: number): string {
  const now = useNow(30_000);
  const frame = useTimeFrame();
  return dueTime(now + withinMs, now, frame);
}

/** Unmistakable, and honest about what it is not. */
function StatBand() {
  return (
    <div className={style['stat']}>
      <Octagon size={30} />
      <span>
        <b>
          <Trans>STAT interrupts, by sound, until somebody acknowledges.</Trans>
        </b>
        <br />
        <Trans>
          This is not a primary alarm. For an emergency in progress, call your emergency team first.
        </Trans>
      </span>
    </div>
  );
}

function WithinChoice({ asking }: { readonly asking: Asking }) {
  const { t, i18n } = useLingui();
  const name = useId();
  const due = useDue(asking.withinMs);
  return (
    <div className={style['row']}>
      <span className={style['word']}>
        <Trans>Within</Trans>
      </span>
      <span className={style['presets']} role="radiogroup" aria-label={t`How soon`}>
        {asking.defaults.replyWithinMs.map((ms) => (
          <label key={ms} className={style['preset']} data-on={ms === asking.withinMs || undefined}>
            <input
              type="radio"
              name={name}
              checked={ms === asking.withinMs}
              onChange={() => asking.setWithinMs(ms)}
            />
            {spanWords(ms, i18n.locale)}
          </label>
        ))}
      </span>
      <span className={style['due']}>{t`by ${due}`}</span>
    </div>
  );
}

/** Why only FYI can be sent. */
export function NoAskingNote({ asking }: { readonly asking: Asking }) {
  if (asking.toPatient) return null;
  if (!asking.defaults.available)
    return (
      <p className={style['why']}>
        <Trans>
          Only FYI for now: no duty supervisor is named. An administrator can do it under On call.
        </Trans>
      </p>
    );
  return asking.defaults.owners.length === 0 ? (
    <p className={style['why']}>
      <Trans>Only FYI: nobody in this conversation can be asked.</Trans>
    </p>
  ) : null;
}
