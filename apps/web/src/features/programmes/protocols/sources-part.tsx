import type { Protocol } from '@baton/clinical';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import style from '../programmes.module.css';

const KINDS = {
  published: msg`Published`,
  programme: msg`A running programme`,
  proposal: msg`A proposal: nobody has shown that it is right`,
} as const;

/** Where the lines come from. What is only proposed says so. */
export function SourcesPart({ protocol }: { readonly protocol: Protocol | null }) {
  const { i18n } = useLingui();
  if (protocol === null) return null;
  const used = countUses(protocol);
  return (
    <ul className={style['source-list']}>
      {Object.entries(protocol.sources).map(([key, { kind, title, publisher, address, note }]) => (
        <li key={key} data-kind={kind}>
          <p>
            <b>{title}</b>
          </p>
          <p className={style['quiet']}>
            {[publisher, i18n._(KINDS[kind])].filter((part) => part !== '').join(' · ')}
          </p>
          {address !== '' && <p className={style['address']}>{address}</p>}
          {note !== '' && <p className={style['quiet']}>{note}</p>}
          <p className={style['quiet']}>
            <code>{key}</code> · <Trans>stands behind {used.get(key) ?? 0} lines</Trans>
          </p>
        </li>
      ))}
    </ul>
  );
}

function countUses(value: unknown, uses = new Map<string, number>()): ReadonlyMap<string, number> {
  if (Array.isArray(value)) for (const inner of value) countUses(inner, uses);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'sources' && Array.isArray(inner))
        for (const key of inner) uses.set(String(key), (uses.get(String(key)) ?? 0) + 1);
      else countUses(inner, uses);
    }
  return uses;
}
