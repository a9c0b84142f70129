import type { TimelineMessage } from '@baton/client';
import { useLingui } from '@lingui/react';
import { UserText } from '../../design/primitives/user-text.tsx';
import { TEMPLATE_NAMES } from '../../design/words/template-words.ts';
import style from './template-text.module.css';

/** Labelled parts of a template: read down in the order in which the field says them. */
export function TemplateText({
  template,
  mentions,
  me,
}: {
  readonly template: NonNullable<TimelineMessage['template']>;
  readonly mentions: TimelineMessage['mentions'];
  readonly me: string;
}) {
  const { i18n } = useLingui();
  return (
    <div className={style['template']}>
      <p className={style['kind']}>{i18n._(TEMPLATE_NAMES[template.kind])}</p>
      <dl>
        {template.parts.map((part, index) => (
          <div key={`${index} ${part.label}`} className={style['part']}>
            <dt>{part.label}</dt>
            <dd>
              <UserText text={part.text} mentions={mentions} me={me} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
