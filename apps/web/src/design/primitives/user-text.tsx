import { Fragment } from 'react';
import { type Mentionable, tokenizeText } from '../words/text-tokens.ts';
import style from './user-text.module.css';

/** What a person wrote: as text, never as markup; addresses, phone numbers and mentions stand out. */
export function UserText({
  text,
  mentions,
  me,
}: {
  readonly text: string;
  readonly mentions: readonly Mentionable[];
  readonly me: string;
}) {
  return (
    <span className={style['text']}>
      {tokenizeText(text, mentions).map((token, key) => {
        if (token.type === 'text') return <Fragment key={key}>{token.text}</Fragment>;
        if (token.type === 'mention') {
          return (
            <span key={key} className={style['mention']} data-me={token.id === me || undefined}>
              {token.text}
            </span>
          );
        }
        const away = token.type === 'link' ? { target: '_blank', rel: 'noopener noreferrer' } : {};
        return (
          <a key={key} href={token.href} {...away}>
            {token.text}
          </a>
        );
      })}
    </span>
  );
}
