import { Trans, useLingui } from '@lingui/react/macro';
import { IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { TEMPLATE_NAMES } from '../../design/words/template-words.ts';
import type { TemplateForm } from './templates.ts';
import style from './template-fields.module.css';
import type { ChosenTemplate } from './use-template.ts';

/** The labelled fields of a template in place of the text field: Tab goes down, Ctrl+Enter sends. */
export function TemplateFields({
  form,
  template,
  onText,
  onCancel,
  onKeyDown,
}: {
  readonly form: TemplateForm;
  readonly template: ChosenTemplate;
  /** The whole as plain text, for the draft. */
  readonly onText: (index: number, text: string) => void;
  readonly onCancel: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
}) {
  const { t, i18n } = useLingui();
  const first = useRef<HTMLTextAreaElement>(null);
  // Another template starts at its first field again: it is drawn anew, by its key.
  useEffect(() => first.current?.focus(), []);
  return (
    <div className={style['template']} role="group" aria-label={i18n._(TEMPLATE_NAMES[form.kind])}>
      <div className={style['head']}>
        <b>{i18n._(TEMPLATE_NAMES[form.kind])}</b>
        {form.everyRole && (
          <span>
            <Trans>One baton for each role</Trans>
          </span>
        )}
        <IconAction size="small" side="top" label={t`Write without the template`} onClick={onCancel}>
          <IconX size={16} />
        </IconAction>
      </div>
      {template.parts.map((filled, index) => {
        const hint = form.parts[index]?.hint ?? null;
        return (
          <label key={filled.label} className={style['part']}>
            <span className={style['label']}>{filled.label}</span>
            <span className={style['grow']} data-text={filled.text}>
              <textarea
                ref={index === 0 ? first : null}
                rows={1}
                data-composer={index === 0 || undefined}
                className={style['field']}
                placeholder={hint === null ? '' : i18n._(hint)}
                maxLength={4000}
                value={filled.text}
                onChange={(event) => onText(index, event.currentTarget.value)}
                onKeyDown={onKeyDown}
              />
            </span>
          </label>
        );
      })}
    </div>
  );
}
