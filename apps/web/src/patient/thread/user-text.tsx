import { tokensOf } from '../texts/text-tokens.ts';

/** What somebody wrote, line breaks kept; addresses and numbers of the practice can be tapped. */
export function UserText({ text, links }: { readonly text: string; readonly links: boolean }) {
  if (!links) return <p data-text>{text}</p>;
  return (
    <p data-text>
      {tokensOf(text).map((token, at) =>
        token.t === 'text' ? (
          token.text
        ) : (
          <a
            key={`${at} ${token.href}`}
            href={token.href}
            {...(token.href.startsWith('https:') ? OUTSIDE : {})}
          >
            {token.text}
          </a>
        ),
      )}
    </p>
  );
}

const OUTSIDE = { target: '_blank', rel: 'noopener noreferrer' };
