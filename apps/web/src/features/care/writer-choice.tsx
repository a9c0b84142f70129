import type { KnownWriter } from '@baton/client';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { SearchField } from '../../design/primitives/search-field.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import style from './patient-panel.module.css';
import { RELATION_NAMES } from './relation-names.ts';

/** Finds somebody who writes for another patient: a parent of two has one account, and one PIN, for both. */
export function WriterChoice({
  writer,
  onChoose,
}: {
  readonly writer: KnownWriter | null;
  readonly onChoose: (writer: KnownWriter | null) => void;
}) {
  const { t } = useLingui();
  const { care } = useSession();
  const [query, setQuery] = useState('');
  if (writer !== null)
    return (
      <div className={style['line']}>
        <Writer writer={writer} />
        <Button size="compact-sm" variant="default" onClick={() => onChoose(null)}>
          <Trans>Choose another</Trans>
        </Button>
      </div>
    );
  const found = care.findWriters(query);
  return (
    <>
      <SearchField
        label={t`Their name, or the patient's they write for`}
        clearLabel={t`Clear search`}
        value={query}
        onChange={setQuery}
      />
      {query.trim() !== '' && found.length === 0 && (
        <p className={style['quiet']}>
          <Trans>Nobody of that name has joined. Invite them by a link.</Trans>
        </p>
      )}
      <ul className={style['plain']}>
        {found.map((candidate) => (
          <li key={candidate.account} className={style['line']}>
            <Writer writer={candidate} />
            <Button size="compact-sm" onClick={() => onChoose(candidate)}>
              <Trans>Choose</Trans>
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Writer({ writer }: { readonly writer: KnownWriter }) {
  const { t, i18n } = useLingui();
  const whom = writer.writesFor
    .map(({ patient, relation }) => `${patient} (${i18n._(RELATION_NAMES[relation])})`)
    .join(', ');
  return (
    <span>
      {writer.name} <span className={style['quiet']}>{t`writes for ${whom}`}</span>
    </span>
  );
}
