import { useLingui } from '@lingui/react/macro';
import style from './composer.module.css';
import { MentionList } from './mention-list.tsx';
import type { Composer } from './use-composer.ts';

/** No keyboard to speak of: the send button is the way. */
const TOUCH = window.matchMedia('(hover: none)').matches;

/** The text field. It grows with its text: a hidden copy in the same grid cell gives the height. */
export function ComposerField({ composer }: { readonly composer: Composer }) {
  const { t } = useLingui();
  const { draft, mentions, summary, enterSends, fieldRef } = composer;
  return (
    <>
      <MentionList mentions={mentions} />
      <div className={style['grow']} data-text={draft.text}>
        <textarea
          ref={fieldRef}
          rows={1}
          data-composer
          className={style['field']}
          aria-label={t`Message to ${summary.title}`}
          aria-autocomplete="list"
          aria-controls={mentions.open ? mentions.listId : undefined}
          aria-activedescendant={mentions.open ? mentions.activeId : undefined}
          placeholder={enterSends || TOUCH ? t`Write a message` : t`Write a message (Ctrl+Enter sends)`}
          value={draft.text}
          onChange={(event) => draft.setText(event.currentTarget.value)}
          onSelect={mentions.onCaret}
          onKeyDown={composer.onKeyDown}
          onPaste={(event) => {
            if (composer.takeFiles(event.clipboardData.files)) event.preventDefault();
          }}
        />
      </div>
    </>
  );
}
