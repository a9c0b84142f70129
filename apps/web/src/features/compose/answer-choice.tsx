import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import style from './answer-choice.module.css';
import type { Asking } from './use-ask.ts';

/** Ticked: sending ends what was asked of me. One line, however much waits; the rest opens on demand. */
export function AnswerChoice({ asking }: { readonly asking: Asking }) {
  const { t } = useLingui();
  const [all, setAll] = useState(false);
  const { answers } = asking;
  if (answers.length === 0) return null;
  const newest = answers.reduce((late, one) => (one.baton.openedAt > late.baton.openedAt ? one : late));
  const ticked = answers.filter((answer) => answer.ticked);
  const shown = all ? answers : ticked.length > 0 ? ticked : [newest];
  const more = answers.length - shown.length;
  return (
    <fieldset className={style['answers']}>
      <legend className="sr-only">{t`What this message answers`}</legend>
      {shown.map(({ baton, ticked: on }) => {
        const name = baton.opener.kind === 'integration' ? t`An outside system` : baton.opener.name;
        return (
          <label key={baton.id} className={style['answer']}>
            <input
              type="checkbox"
              checked={on}
              onChange={(event) => asking.tick(baton.id, event.currentTarget.checked)}
            />
            <span className={style['words']}>
              <b>{t`This answers ${name}'s request`}</b>
              {baton.text !== null && <span className={style['text']}> {baton.text}</span>}
            </span>
          </label>
        );
      })}
      {more > 0 && (
        <button type="button" className={style['more']} onClick={() => setAll(true)}>
          {t`${plural(more, { one: '# more waits for you here', other: '# more wait for you here' })}`}
        </button>
      )}
    </fieldset>
  );
}
