import type { Person, Readers } from '@baton/client';
import { Trans } from '@lingui/react/macro';
import style from './members.module.css';

/** Fingerprints, for whoever wants to compare them; nobody has to. */
export function Fingerprints({ readers }: { readonly readers: Readers }) {
  const people: readonly Person[] = [...readers.people.map(({ person }) => person), ...readers.agents];
  const unique = people.filter(({ id }, index) => people.findIndex((other) => other.id === id) === index);
  return (
    <details className={style['details']}>
      <summary>
        <Trans>Keys and fingerprints</Trans>
      </summary>
      <p>
        <Trans>Every key here is signed by your organisation. There is nothing that you must compare.</Trans>
      </p>
      <dl>
        {unique.map((person) => (
          <div key={person.id}>
            <dt>{person.name}</dt>
            <dd className={style['fingerprint']}>
              {person.verified ? person.fingerprint : <Trans>Not verified: gets no key.</Trans>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
