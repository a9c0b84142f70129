import { Textarea } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Notice } from '../../../design/primitives/notice.tsx';
import { AboutPart } from './about-part.tsx';
import { AdvicePart } from './advice-part.tsx';
import style from './editor.module.css';
import { EscalationsPart } from './escalations-part.tsx';
import { namesOf } from './names.ts';
import { QuestionsPart } from './questions-part.tsx';
import { RulesPart } from './rules-part.tsx';
import { SchedulePart } from './schedule-part.tsx';
import { SettingsPart } from './settings-part.tsx';
import type { Draft } from './use-draft.ts';

/** The form on the left, the same document as JSON on the right. */
export function EditorPart({ draft, readOnly }: { readonly draft: Draft; readonly readOnly: boolean }) {
  const { t } = useLingui();
  const { form, text, problems, change } = draft;
  return (
    <div className={style['editor']}>
      <div>
        {problems.length > 0 && (
          <ul className={style['problems']}>
            {problems.slice(0, MOST_SHOWN).map(({ path, words }) => (
              <li key={`${path}${words}`}>
                <code>{path === '' ? '·' : path}</code> {words}
              </li>
            ))}
          </ul>
        )}
        {form === null ? (
          <Notice tone="waiting">
            <Trans>The JSON is no protocol at the moment. The form is back as soon as it is.</Trans>
          </Notice>
        ) : (
          <fieldset className={style['form']} disabled={readOnly} aria-label={t`Document as a form`}>
            {readOnly && (
              <p className={style['note']}>
                <Trans>This version does not change any more, or you may only read it.</Trans>
              </p>
            )}
            <AboutPart protocol={form} change={change} />
            <SchedulePart protocol={form} names={namesOf(form)} change={change} />
            <QuestionsPart protocol={form} names={namesOf(form)} change={change} />
            <AdvicePart protocol={form} names={namesOf(form)} change={change} />
            <EscalationsPart protocol={form} names={namesOf(form)} change={change} />
            <RulesPart protocol={form} names={namesOf(form)} change={change} />
            <SettingsPart protocol={form} names={namesOf(form)} change={change} />
          </fieldset>
        )}
      </div>
      <div className={style['json']}>
        <Textarea
          label={t`The same document as JSON`}
          value={text}
          readOnly={readOnly}
          spellCheck={false}
          onChange={(event) => draft.setText(event.currentTarget.value)}
          error={
            problems.length === 0
              ? null
              : t`${plural(problems.length, { one: '# fault', other: '# faults' })} in its shape`
          }
        />
      </div>
    </div>
  );
}

const MOST_SHOWN = 8;
