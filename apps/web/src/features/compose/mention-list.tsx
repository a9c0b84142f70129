import { useLingui } from '@lingui/react/macro';
import { Face } from '../../design/primitives/face.tsx';
import style from './mention-list.module.css';
import type { Mentions } from './use-mentions.ts';

export function MentionList({ mentions }: { readonly mentions: Mentions }) {
  const { t } = useLingui();
  if (!mentions.open) return null;
  return (
    <div className={style['list']} role="listbox" id={mentions.listId} aria-label={t`Mention a member`}>
      {mentions.found.map((member, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keyboard works from the text field (aria-activedescendant); an option never takes the focus
        <div
          key={member.id}
          id={`${mentions.listId}-${index}`}
          role="option"
          aria-selected={index === mentions.active}
          className={style['option']}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => mentions.choose(member)}
        >
          <Face member={member} size="small" />
          {member.name}
        </div>
      ))}
    </div>
  );
}
